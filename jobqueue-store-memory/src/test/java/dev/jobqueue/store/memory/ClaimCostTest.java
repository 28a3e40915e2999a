package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static dev.jobqueue.store.memory.TestJobs.aJob;
import static dev.jobqueue.store.memory.TestJobs.claimOf;
import static dev.jobqueue.store.memory.TestJobs.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

/**
 * A call costs the same among many jobs as among few. The two stores are asked in turns, so that whatever else the machine
 * does meets both; a scan of all jobs would be 200 times as long, and 10 times is refused.
 */
class ClaimCostTest {
    private static final int FEW = 1_000;
    private static final int MANY = 200_000;
    private static final int ROUNDS = 300;
    private static final double BOUND = 10;

    private record Filled(MemoryJobStore store, StoreSession session) {
        static Filled with(int jobs) {
            MemoryJobStore store = MemoryJobStore.create(() -> START);
            for (int from = 0; from < jobs; from += 1_000) {
                List<Job> batch = new ArrayList<>();
                for (int number = from; number < from + 1_000; number++) {
                    batch.add(stored(aJob(number).priority(number % 10).runAt(START.plusMillis(number / 10))));
                }
                store.insert(batch);
            }
            return new Filled(store, TestJobs.join(store, "node"));
        }

        long nanosToClaim() {
            long before = System.nanoTime();
            List<Job> claimed =
                    session.claim(claimOf(50, START.plusSeconds(3_600))).jobs();
            long took = System.nanoTime() - before;
            assertEquals(50, claimed.size());
            store.apply(claimed.stream()
                    .map(job -> Change.release(job.info(), START))
                    .toList());
            return took;
        }

        long nanosToClaimAmongJobsThatAreNotDue() {
            long before = System.nanoTime();
            int claimed =
                    session.claim(claimOf(50, START.minusSeconds(1))).jobs().size();
            long took = System.nanoTime() - before;
            assertEquals(0, claimed);
            return took;
        }

        long nanosToListInTheOrderOfClaims() {
            JobFilter pending = JobFilter.any().withStatuses(Set.of(JobStatus.PENDING));
            long before = System.nanoTime();
            int listed =
                    store.list(JobQuery.of(pending).in(JobOrder.CLAIM)).jobs().size();
            long took = System.nanoTime() - before;
            assertEquals(100, listed);
            return took;
        }

        long nanosToListOrphans() {
            long before = System.nanoTime();
            int listed = store.list(JobQuery.of(JobFilter.any().orphans()).in(JobOrder.STORE))
                    .jobs()
                    .size();
            long took = System.nanoTime() - before;
            assertEquals(0, listed);
            return took;
        }
    }

    private final Filled few = Filled.with(FEW);
    private final Filled many = Filled.with(MANY);

    @Test
    void ofAClaimDoesNotGrowWithPendingJobs() {
        assertFlat(Filled::nanosToClaim);
    }

    @Test
    void ofAClaimDoesNotGrowWithJobsThatAreNotDue() {
        assertFlat(Filled::nanosToClaimAmongJobsThatAreNotDue);
    }

    @Test
    void ofAPageInTheOrderOfClaimsDoesNotGrowWithPendingJobs() {
        assertFlat(Filled::nanosToListInTheOrderOfClaims);
    }

    @Test
    void ofFindingOrphansDoesNotGrowWithPendingJobs() {
        assertFlat(Filled::nanosToListOrphans);
    }

    private void assertFlat(ToLongFunction<Filled> call) {
        long[] amongFew = new long[ROUNDS];
        long[] amongMany = new long[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            amongFew[round] = call.applyAsLong(few);
            amongMany[round] = call.applyAsLong(many);
        }
        double ratio = (double) median(amongMany) / median(amongFew);
        assertTrue(ratio < BOUND, () -> "among " + MANY + " it took " + ratio + " times as long as among " + FEW);
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }
}
