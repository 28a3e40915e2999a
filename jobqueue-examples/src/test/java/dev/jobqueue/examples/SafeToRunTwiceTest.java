package dev.jobqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.JobId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SafeToRunTwiceTest {
    @Test
    void paysOnceAlthoughItRunsTwice() throws Throwable {
        assertEquals(
                List.of("attempt 1 hangs before it pays", "attempt 2 pays", "attempt 1 is refused", "alice has 100"),
                Printout.of(() -> SafeToRunTwice.main(new String[0])));
    }

    @Test
    void takesTheEffectOfNoLowerAttempt() throws Exception {
        try (Payments payments = Payments.open()) {
            // given
            JobId job = JobId.of("job");
            assertTrue(payments.pay(job, 1, "alice", 1));
            assertTrue(payments.pay(job, 1, "alice", 1));
            assertTrue(payments.pay(job, 3, "alice", 3));
            // then
            assertFalse(payments.pay(job, 2, "alice", 2));
            assertEquals(3, payments.total("alice"));
        }
    }
}
