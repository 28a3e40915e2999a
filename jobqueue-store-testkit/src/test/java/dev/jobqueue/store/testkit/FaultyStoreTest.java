package dev.jobqueue.store.testkit;

import static dev.jobqueue.store.testkit.FaultyStore.Fault.ANSWER_LOST;
import static dev.jobqueue.store.testkit.FaultyStore.Fault.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {
    private final MovableClock clock = new MovableClock();
    private final PlainStore plain = new PlainStore(clock, new TreeMap<>());
    private final FaultyStore store = FaultyStore.over(plain);
    private final Job job =
            Job.of(JobInfo.builder(JobId.of("job"), "mail", clock.instant()).build(), new byte[] {1});

    @Test
    void doesWhatItsStoreDoesWhileNothingIsToFail() {
        // when
        store.insert(List.of(job));
        StoreSession session = join();
        session.heartbeat(Set.of());
        session.claim(claim());
        session.close();
        store.apply(List.of(Change.recover(store.find(job.id()).orElseThrow().info(), clock.instant())));
        store.list(JobQuery.of(JobFilter.any()));
        store.counts(Set.of(JobStatus.PENDING));
        // then
        assertEquals(9, store.calls());
        assertEquals(Optional.empty(), store.failedCall());
        assertEquals(1, plain.find(job.id()).orElseThrow().info().attempt());
    }

    @Test
    void refusesTheChosenCallBeforeItIsDone() {
        // given
        store.failCall(2, REFUSED);
        store.find(job.id());
        // then
        StoreException refused = assertThrows(StoreException.class, () -> store.insert(List.of(job)));
        assertFalse(refused instanceof OutcomeUnknownException);
        assertEquals(Optional.empty(), plain.find(job.id()));
        assertEquals(Optional.of("insert"), store.failedCall());
    }

    @Test
    void losesTheAnswerOfTheChosenCallAfterItIsDone() {
        // given
        store.failCall(1, ANSWER_LOST);
        // then
        assertThrows(OutcomeUnknownException.class, () -> store.insert(List.of(job)));
        assertEquals(Optional.of(job), plain.find(job.id()));
    }

    @Test
    void losesTheAnswerOfAClaim() {
        // given
        store.insert(List.of(job));
        StoreSession session = join();
        store.failCall(3, ANSWER_LOST);
        // then
        assertThrows(OutcomeUnknownException.class, () -> session.claim(claim()));
        assertEquals(
                JobStatus.PROCESSING, plain.find(job.id()).orElseThrow().info().status());
        assertEquals(Optional.of("claim"), store.failedCall());
    }

    @Test
    void saysOfAReadOnlyThatItFailed() {
        // given
        store.failCall(1, ANSWER_LOST);
        // then
        assertFalse(assertThrows(StoreException.class, () -> store.find(job.id())) instanceof OutcomeUnknownException);
    }

    @Test
    void failsOnce() {
        // given
        store.failCall(1, REFUSED);
        assertThrows(StoreException.class, () -> store.insert(List.of(job)));
        // then
        store.insert(List.of(job));
        assertEquals(2, store.calls());
    }

    private StoreSession join() {
        return store.join(JoinRequest.of(Node.of("node", UUID.randomUUID()), Duration.ofSeconds(6), () -> {}));
    }

    private ClaimRequest claim() {
        return ClaimRequest.of(clock.instant(), 1, List.of(ClaimSlot.of("default", Set.of("mail"), 1)));
    }
}
