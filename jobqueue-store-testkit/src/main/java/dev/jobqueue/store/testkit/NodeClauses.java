package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several nodes at once share the jobs of a store that admits many. */
abstract class NodeClauses extends SharedClauses {
    private static final int NODES = 4;

    NodeClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void neverClaimTheSameJob() throws Exception {
        // given
        List<Job> jobs = insert(jobs(Math.min(300, longBatch())));
        // when
        List<List<JobInfo>> claimed = together(node -> {
            StoreSession session = join(aNode("worker " + node));
            List<JobInfo> mine = new ArrayList<>();
            List<Job> some = session.claim(claiming(3)).jobs();
            while (!some.isEmpty()) {
                some.forEach(job -> mine.add(job.info()));
                some = session.claim(claiming(3)).jobs();
            }
            return mine;
        });
        // then
        List<JobInfo> all = claimed.stream().flatMap(List::stream).toList();
        assertEquals(
                ids(jobs).stream().sorted().toList(),
                idsOf(all).stream().sorted().toList());
        all.forEach(job -> assertEquals(job.owner(), info(job.id()).owner()));
    }

    /** What a node claims at the very end is seen by who ended it, or not claimed at all. */
    @ParameterizedTest
    @EnumSource
    void letNoClaimTakeEffectOnceTheirNodeHasEnded(End end) throws Exception {
        // given
        insert(jobs(longBatch()));
        StoreSession session = join(first);
        StoreSession watcher = join(second);
        letLeasesRunOut();
        Lapse lapse = onlyLapse(watcher, first);
        Set<JobId> claimed = ConcurrentHashMap.newKeySet();
        CountDownLatch underWay = new CountDownLatch(20);
        Callable<Set<JobId>> claimOneByOne = () -> {
            try {
                while (claimed.size() < longBatch()) {
                    claimed.addAll(ids(session.claim(claiming(1)).jobs()));
                    underWay.countDown();
                }
            } catch (NotMemberException ended) {
                // as it must be
            }
            return Set.of();
        };
        Callable<Set<JobId>> endAndRecover = () -> {
            Patience.awaitOrGoOn(underWay, patience().toMillis());
            switch (end) {
                case SUPERSEDED -> store.join(joining(aNode(first.name())).replacing(first));
                case EXPIRED -> endSoon(watcher, lapse);
                case LEFT -> session.close();
            }
            return new HashSet<>(recovered(listed(JobQuery.of(JobFilter.any().orphans()))));
        };
        // when
        List<Set<JobId>> recovered = Patience.together(
                patience(),
                Stream.concat(Collections.nCopies(NODES, claimOneByOne).stream(), Stream.of(endAndRecover))
                        .toList());
        // then
        assertEquals(Set.of(), processingUnder(first));
        assertEquals(recovered.get(NODES), claimed);
        assertEnded(session, end);
    }

    @Test
    void recoverEachOrphanOnce() throws Exception {
        // given
        StoreSession session = join(first);
        insert(jobs(Math.min(100, longBatch())));
        List<Job> orphans = session.claim(claiming(Math.min(100, longBatch()))).jobs();
        session.close();
        // when
        List<JobInfo> found = listed(JobQuery.of(JobFilter.any().orphans()));
        List<List<JobId>> recovered = together(node -> recovered(found));
        // then
        assertEquals(
                ids(orphans).stream().sorted().toList(),
                recovered.stream().flatMap(List::stream).sorted().toList());
        orphans.forEach(job -> assertEquals(1, info(job.id()).crashes()));
    }

    /** Heartbeats, claims, results and nodes that come and go: none of them is refused for another's sake. */
    @Test
    void doNotStandInEachOthersWay() throws Exception {
        // given
        List<Job> jobs = insert(jobs(Math.min(200, longBatch())));
        // when
        List<Integer> done = together(node -> {
            int completed = 0;
            int before = -1;
            while (completed > before) {
                before = completed;
                StoreSession session = join(aNode("worker " + node));
                for (Job job : session.claim(claiming(3)).jobs()) {
                    assertEquals(Optional.empty(), session.heartbeat(Set.of()).ended());
                    changed(Change.complete(job.info(), now()));
                    completed++;
                }
                session.close();
            }
            return completed;
        });
        // then
        assertEquals(jobs.size(), done.stream().mapToInt(Integer::intValue).sum());
    }

    /** A heartbeat waits for nobody's lock: it passes over a node that claims just then, and the next one ends it. */
    private void endSoon(StoreSession watcher, Lapse lapse) {
        Patience.until(
                patience(), () -> !watcher.heartbeat(Set.of(lapse)).runOut().contains(lapse));
    }

    private List<JobId> recovered(List<JobInfo> orphans) {
        List<JobId> recovered = new ArrayList<>();
        for (JobInfo orphan : orphans) {
            if (apply(Change.recover(orphan, now())).equals(ApplyOutcome.applied())) {
                recovered.add(orphan.id());
            }
        }
        return recovered;
    }

    private Set<JobId> processingUnder(Node node) {
        JobFilter filter = JobFilter.any().withStatuses(Set.of(PROCESSING)).withOwner(node.text());
        return new HashSet<>(idsOf(listed(JobQuery.of(filter))));
    }

    private interface Life<T> {
        T of(int node) throws Exception;
    }

    private <T> List<T> together(Life<T> life) throws Exception {
        return Patience.together(
                patience(),
                IntStream.range(0, NODES)
                        .mapToObj(node -> (Callable<T>) () -> life.of(node))
                        .toList());
    }
}
