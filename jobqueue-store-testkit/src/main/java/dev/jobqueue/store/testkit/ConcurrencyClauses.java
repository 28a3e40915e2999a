package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.StoreSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many threads at once get what they would have got one after the other. */
abstract class ConcurrencyClauses extends Clauses {
    private static final int THREADS = 8;

    ConcurrencyClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void givesNoJobToTwoClaims() throws Exception {
        // given
        List<Job> jobs = insert(jobs(Math.min(300, longBatch())));
        StoreSession session = member();
        // when
        List<List<JobId>> claimed = together(thread -> () -> {
            List<JobId> mine = new ArrayList<>();
            for (List<Job> some = session.claim(claiming(3)).jobs();
                    !some.isEmpty();
                    some = session.claim(claiming(3)).jobs()) {
                mine.addAll(ids(some));
            }
            return mine;
        });
        // then
        List<JobId> all = claimed.stream().flatMap(List::stream).toList();
        assertEquals(all.size(), new HashSet<>(all).size(), "a job was claimed twice");
        assertEquals(new HashSet<>(ids(jobs)), new HashSet<>(all));
        jobs.forEach(job -> assertEquals(1, info(job.id()).attempt()));
    }

    @Test
    void storesAJobOnceThatIsInsertedAtOnce() throws Exception {
        // given
        List<Job> jobs = jobs(20);
        // when
        List<Set<JobId>> storedBy = together(thread -> () -> {
            List<Job> batch = new ArrayList<>(jobs);
            Collections.shuffle(batch, new Random(thread));
            List<InsertOutcome> outcomes = store.insert(batch);
            return IntStream.range(0, batch.size())
                    .filter(i -> outcomes.get(i).isStored())
                    .mapToObj(i -> batch.get(i).id())
                    .collect(Collectors.toSet());
        });
        // then
        for (Job job : jobs) {
            assertEquals(
                    1, storedBy.stream().filter(ids -> ids.contains(job.id())).count(), "how often a job was stored");
            assertEquals(job, found(job.id()));
        }
    }

    @Test
    void appliesAChangeOnceThatIsAppliedAtOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            // given
            Change change = Change.complete(claimedJob(), now());
            // when
            List<ApplyOutcome> outcomes = together(thread -> () -> apply(change));
            // then
            assertAppliedOnce(outcomes);
            assertTrue(outcomes.contains(ApplyOutcome.stale(COMPLETED, 1)));
        }
    }

    @Test
    void appliesOneOfSeveralResults() throws Exception {
        for (int i = 0; i < 10; i++) {
            // given
            JobInfo job = claimedJob();
            List<Change> results = List.of(
                    Change.complete(job, now()),
                    Change.fail(job, now(), "no such address"),
                    Change.failAndRetry(job, now(), now(), "busy"),
                    Change.release(job, now()),
                    Change.recover(job, now()),
                    Change.cancel(job, now()));
            // when
            List<ApplyOutcome> outcomes = Patience.together(
                    patience(), results.stream().map(this::applying).toList());
            // then
            assertAppliedOnce(outcomes);
            assertEquals(
                    results.get(outcomes.indexOf(ApplyOutcome.applied())).to(),
                    Optional.of(info(job.id()).status()));
        }
    }

    private Callable<ApplyOutcome> applying(Change change) {
        return () -> apply(change);
    }

    private static void assertAppliedOnce(List<ApplyOutcome> outcomes) {
        assertEquals(1, outcomes.stream().filter(ApplyOutcome::isApplied).count(), outcomes::toString);
    }

    @Test
    void keepsEachOfSeveralAmendments() throws Exception {
        for (int i = 0; i < 10; i++) {
            // given
            JobInfo job = jobIn(PENDING);
            // when
            together(thread -> () -> changed(Change.amend(job, now()).withAttribute("by " + thread, "yes")));
            // then
            assertEquals(THREADS, info(job.id()).attributes().size());
        }
    }

    @Test
    void letsEitherAClaimOrACancelHaveAJob() throws Exception {
        // given
        List<Job> jobs = insert(jobs(100));
        StoreSession session = member();
        Set<JobId> claimed = ConcurrentHashMap.newKeySet();
        Set<JobId> cancelled = ConcurrentHashMap.newKeySet();
        // when
        together(thread -> () -> {
            if (thread % 2 == 0) {
                for (int i = 0; i < 50; i++) {
                    claimed.addAll(ids(session.claim(claiming(1)).jobs()));
                }
            } else {
                jobs.stream()
                        .filter(job -> apply(Change.cancel(job.info(), now())).isApplied())
                        .forEach(job -> cancelled.add(job.id()));
            }
            return thread;
        });
        // then
        jobs.forEach(job -> {
            boolean wasCancelled = info(job.id()).status() == CANCELLED;
            assertEquals(wasCancelled, cancelled.contains(job.id()));
            assertEquals(!wasCancelled, claimed.contains(job.id()));
        });
    }

    @Test
    void takesEveryJobThroughItsLife() throws Exception {
        // given
        StoreSession session = member();
        Map<JobId, Integer> done = new ConcurrentHashMap<>();
        int each = 20;
        List<List<Job>> batches =
                IntStream.range(0, THREADS).mapToObj(thread -> jobs(each)).toList();
        // when
        together(thread -> () -> {
            batches.get(thread).forEach(this::insert);
            while (done.size() < THREADS * each && !Thread.currentThread().isInterrupted()) {
                List<Job> jobs = session.claim(claiming(2)).jobs();
                jobs.forEach(job -> changed(Change.complete(job.info(), now())));
                jobs.forEach(job -> done.merge(job.id(), 1, Integer::sum));
            }
            return thread;
        });
        // then
        batches.stream().flatMap(List::stream).forEach(job -> {
            assertEquals(1, done.get(job.id()));
            assertEquals(COMPLETED, info(job.id()).status());
            assertEquals(1, info(job.id()).attempt());
        });
    }

    private <T> List<T> together(IntFunction<Callable<T>> works) throws Exception {
        return Patience.together(
                patience(), IntStream.range(0, THREADS).mapToObj(works).toList());
    }
}
