package dev.jobqueue.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AbandonedQueueTest {
    @Test
    void leavesEveryJobToTheNext() throws Throwable {
        // when
        List<String> printed = Printout.of(() -> AbandonedQueue.main(new String[0]));
        // then
        assertEquals("the first queue is abandoned in mid-work", printed.get(0));
        assertTrue(printed.get(1).matches("the second queue recovered [2-4] of 6"), printed.get(1));
        for (int letter = 1; letter <= 6; letter++) {
            String line = "letter " + letter + " at attempt [12]";
            assertEquals(1, printed.stream().filter(each -> each.matches(line)).count(), line);
        }
        assertEquals("6 of 6 letters are COMPLETED", printed.get(printed.size() - 1));
    }
}
