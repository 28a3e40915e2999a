package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static dev.jobqueue.core.given.UnreliableStore.Call.LIST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration COMPARE_EVERY = Duration.ofMillis(1_500);

    private final FakePlatform platform = new FakePlatform();
    private final MemoryJobStore real = MemoryJobStore.create(platform::now);
    private final UnreliableStore store = new UnreliableStore(real);
    private final HeardEvents heard = new HeardEvents();
    private final Reporter reporter = new Reporter(platform, List.of(heard));
    private final HeldJobs held = new HeldJobs();
    private final Completion completion = new Completion(platform, store, reporter, change -> {}, () -> {}, () -> {});
    private final Workers workers = mock(Workers.class);
    private final List<NotMemberException> ended = new ArrayList<>();
    private DeliveryQueue<HeldJob> deliveries;
    private Dispatcher dispatcher;

    @BeforeEach
    void twoWorkers() {
        dispatch(2, 100, Set.of(SomeJobs.TYPE), "default");
    }

    private void dispatch(int number, int capacity, Set<String> types, String... queues) {
        when(workers.number()).thenReturn(number);
        deliveries = new DeliveryQueue<>(platform, capacity);
        Joined joined =
                new Joined(SomeJobs.NODE, store.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {})));
        dispatcher = new Dispatcher(
                platform,
                reporter,
                store,
                joined,
                List.of(queues),
                types,
                POLL,
                deliveries,
                held,
                completion,
                workers,
                ended::add);
    }

    private List<JobId> pending(int jobs) {
        List<Job> all = IntStream.range(0, jobs)
                .mapToObj(i -> SomeJobs.pending("job " + i))
                .toList();
        real.insert(all);
        return all.stream().map(Job::id).toList();
    }

    private JobInfo info(JobId id) {
        return real.find(id).orElseThrow().info();
    }

    /** A worker takes a delivery, and is busy with it. */
    private HeldJob taken(int busy) {
        when(workers.busy()).thenReturn(busy);
        HeldJob job = deliveries.take().orElseThrow();
        job.begin(new Thread(() -> {}));
        return job;
    }

    /** The handler of a job returns, and the store gets the result. */
    private void done(HeldJob job, int busy) {
        job.handlerReturned();
        job.end();
        when(workers.busy()).thenReturn(busy);
        completion.add(result(job));
        completion.runOnce();
    }

    private Result result(HeldJob job) {
        JobInfo seen = job.info();
        return new Result(
                seen,
                "COMPLETE",
                Change.complete(seen, platform.now()),
                new JobCompleted(seen.id(), seen.type(), seen.attempt(), Duration.ZERO),
                () -> held.remove(job));
    }

    /** Runs the duty as its loop would, for so long. */
    private void run(Duration time) {
        Duration end = platform.passed().plus(time);
        while (platform.passed().compareTo(end) < 0) {
            Duration next = dispatcher.runOnce().next();
            platform.advance(next.isNegative() || next.isZero() ? Duration.ofMillis(1) : next);
        }
    }

    @Test
    void claimsWhatIdleWorkersCanTakeAndOneMoreEach() {
        // given
        pending(10);
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(4, turn.done());
        assertEquals(4, deliveries.size());
        assertEquals(4, held.size());
        assertEquals(0, dispatcher.runOnce().done());
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void claimsAgainWhenThereIsRoom() {
        // given
        pending(10);
        dispatcher.runOnce();
        HeldJob first = taken(1);
        taken(2);
        assertEquals(0, dispatcher.runOnce().done());
        // when
        done(first, 1);
        // then
        assertEquals(1, dispatcher.runOnce().done());
        assertEquals(3, deliveries.size());
    }

    @Test
    void neverClaimsMoreThanTheDeliveryQueueHolds() {
        // given
        dispatch(10, 3, Set.of(SomeJobs.TYPE), "default");
        pending(10);
        // when
        dispatcher.runOnce();
        // then
        assertEquals(3, held.size());
        assertEquals(3, deliveries.size());
    }

    @Test
    void neverClaimsMoreThanTheStoresLongestBatch() {
        // given
        dispatch(2_000, 10_000, Set.of(SomeJobs.TYPE), "default");
        pending(1_000);
        // then
        assertEquals(1_000, dispatcher.runOnce().done());
    }

    @Test
    void claimsNothingAheadWhileTooManyBytesWait() {
        // given
        byte[] large = new byte[9 * 1024 * 1024];
        List<Job> jobs = IntStream.range(0, 4)
                .mapToObj(i -> Job.of(SomeJobs.pending("job " + i).info(), large))
                .toList();
        dispatch(1, 100, Set.of(SomeJobs.TYPE), "default");
        real.insert(jobs);
        assertEquals(2, dispatcher.runOnce().done());
        when(workers.number()).thenReturn(3);
        when(workers.busy()).thenReturn(1);
        // then: 18 MiB wait for the two idle workers, and nothing more is claimed ahead of these
        assertEquals(0, dispatcher.runOnce().done());
        taken(2);
        assertEquals(2, dispatcher.runOnce().done());
    }

    @Test
    void claimsNothingWhileTooManyResultsAreOnTheirWay() {
        // given
        pending(10);
        for (int i = 0; i < 998; i++) {
            completion.add(result(new HeldJob(SomeJobs.processing("other " + i))));
        }
        // when
        assertEquals(2, dispatcher.runOnce().done());
        for (int i = 0; i < 2; i++) {
            completion.add(result(new HeldJob(SomeJobs.processing("one more " + i))));
        }
        taken(0);
        // then
        assertEquals(0, dispatcher.runOnce().done());
        assertEquals(1, store.calls(CLAIM));
        completion.runOnce();
        assertEquals(3, dispatcher.runOnce().done());
    }

    @Test
    void neverPollsFasterThanConfiguredWhenIdle() {
        // when
        run(Duration.ofMinutes(10));
        // then
        assertTrue(store.calls(CLAIM) <= 301, () -> store.calls(CLAIM) + " claims");
        assertTrue(store.calls(CLAIM) >= 299, () -> store.calls(CLAIM) + " claims");
        assertEquals(0, store.calls(LIST));
    }

    @Test
    void asksTheStoreNothingWhenItIsWokenForNothing() {
        // given
        dispatcher.runOnce();
        // when
        for (int i = 0; i < 1_000; i++) {
            dispatcher.runOnce();
        }
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void asksTheStoreNothingWhileNoWorkerIsFree() {
        // given
        pending(10);
        dispatcher.runOnce();
        taken(1);
        taken(2);
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void asksTheStoreNothingWithoutAHandler() {
        // given
        dispatch(2, 100, Set.of(), "default");
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(0, store.calls(CLAIM));
    }

    @Test
    void wakesWhenTheNextJobIsDue() {
        // given
        real.insert(List.of(SomeJobs.pending("later", platform.now().plusMillis(700))));
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(new Turn(0, Duration.ofMillis(700)), turn);
        platform.advance(Duration.ofMillis(699));
        assertEquals(new Turn(0, Duration.ofMillis(1)), dispatcher.runOnce());
        platform.advance(Duration.ofMillis(1));
        assertEquals(1, dispatcher.runOnce().done());
        assertEquals(2, store.calls(CLAIM));
    }

    @Test
    void claimsWhatItHearsOf() {
        // given
        dispatcher.runOnce();
        pending(1);
        // then
        assertTrue(dispatcher.hear(platform.now()));
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void wakesWhenAJobThatItHeardOfIsDue() {
        // given
        dispatcher.runOnce();
        Instant due = platform.now().plusMillis(300);
        real.insert(List.of(SomeJobs.pending("later", due)));
        // then
        assertTrue(dispatcher.hear(due));
        assertFalse(dispatcher.hear(due.plusMillis(1)));
        assertFalse(dispatcher.hear(due));
        assertEquals(Duration.ofMillis(300), dispatcher.runOnce().next());
        platform.advance(Duration.ofMillis(300));
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void losesNoNewsThatComesWhileItClaims() {
        // given: a job that is stored just after the claim has looked
        store.next(CLAIM, Trouble.after(() -> {
            pending(1);
            dispatcher.hear(platform.now());
        }));
        // when
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(new Turn(0, Duration.ZERO), turn);
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void findsAtTheNextPollWhatNobodyToldItOf() {
        // given
        Duration next = dispatcher.runOnce().next();
        pending(1);
        // when
        assertEquals(POLL, next);
        platform.advance(POLL);
        // then
        assertEquals(1, dispatcher.runOnce().done());
    }

    @Test
    void claimsFromItsQueuesInOrder() {
        // given
        dispatch(1, 2, Set.of(SomeJobs.TYPE), "urgent", "default");
        Job normal = SomeJobs.pending("normal");
        Job urgent = Job.of(
                SomeJobs.pending("urgent").info().toBuilder()
                        .queue("urgent")
                        .priority(9)
                        .build(),
                new byte[0]);
        real.insert(List.of(normal, urgent));
        // when
        dispatcher.runOnce();
        // then
        assertEquals(urgent.id(), deliveries.take().orElseThrow().info().id());
        assertEquals(normal.id(), deliveries.take().orElseThrow().info().id());
    }

    @Test
    void waitsLongerAfterEachFailureAndSaysSoOnce() {
        // given
        store.always(CLAIM, Trouble.refused());
        // when
        run(Duration.ofMinutes(1));
        // then
        assertTrue(store.calls(CLAIM) < 30, () -> store.calls(CLAIM) + " tries");
        assertEquals("dispatch", heard.only(StoreUnavailable.class).duty());
        store.heal();
        run(Duration.ofSeconds(10));
        assertEquals("dispatch", heard.only(StoreAvailable.class).duty());
    }

    @Test
    void isNotHurriedWhileTheStoreFails() {
        // given
        store.always(CLAIM, Trouble.refused());
        dispatcher.runOnce();
        // when
        dispatcher.hearAnything();
        Turn turn = dispatcher.runOnce();
        // then
        assertEquals(1, store.calls(CLAIM));
        assertTrue(turn.next().toMillis() > 0);
    }

    @Test
    void goesOnAfterWhateverTheStoreThrows() {
        // given
        pending(1);
        store.next(
                CLAIM,
                Trouble.thrown(NullPointerException::new),
                Trouble.thrown(() -> new IllegalArgumentException("odd")));
        // when
        run(Duration.ofSeconds(10));
        // then
        assertEquals(1, deliveries.size());
    }

    @Test
    void givesBackWhatALostAnswerClaimed() {
        // given
        List<JobId> ids = pending(3);
        store.next(CLAIM, Trouble.answerLost());
        dispatcher.runOnce();
        assertEquals(JobStatus.PROCESSING, info(ids.get(0)).status());
        assertTrue(dispatcher.claimUnknown());
        // when
        platform.advance(COMPARE_EVERY);
        dispatcher.runOnce();
        completion.runOnce();
        // then
        for (JobId id : ids) {
            assertEquals(JobStatus.PENDING, info(id).status());
            assertEquals(0, info(id).failures());
        }
    }

    @Test
    void comparesBeforeItClaimsAgain() {
        // given
        pending(3);
        store.next(CLAIM, Trouble.answerLost());
        dispatcher.runOnce();
        platform.advance(COMPARE_EVERY);
        store.next(LIST, Trouble.refused());
        // when
        dispatcher.runOnce();
        // then
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void comparesUntilACallBoundAfterALostAnswer() {
        // given: a claim that takes effect long after it failed
        store.next(CLAIM, Trouble.lost());
        dispatcher.runOnce();
        // when
        run(Duration.ofMillis(5_900));
        // then
        assertTrue(dispatcher.claimUnknown());
        run(COMPARE_EVERY.multipliedBy(2));
        assertFalse(dispatcher.claimUnknown());
        int comparisons = store.calls(LIST);
        run(Duration.ofMinutes(1));
        assertEquals(comparisons, store.calls(LIST));
    }

    @Test
    void takesAPlainFailureOfAClaimAtItsWord() {
        // given
        store.next(CLAIM, Trouble.refused());
        // when
        dispatcher.runOnce();
        // then
        assertFalse(dispatcher.claimUnknown());
    }

    @Test
    void comparesOnlySoOftenAndOnlyWhileSomethingIsHeld() {
        // given
        pending(1);
        dispatcher.runOnce();
        HeldJob job = taken(1);
        // when
        run(Duration.ofMinutes(1));
        // then
        assertTrue(store.calls(LIST) <= 40, () -> store.calls(LIST) + " comparisons");
        assertTrue(store.calls(LIST) >= 38, () -> store.calls(LIST) + " comparisons");
        done(job, 0);
        int comparisons = store.calls(LIST);
        run(Duration.ofMinutes(1));
        assertEquals(comparisons, store.calls(LIST));
    }

    @Test
    void comparesNotAtOnceWhatItHasJustClaimed() {
        // given
        run(Duration.ofMinutes(1));
        pending(1);
        dispatcher.hearAnything();
        // when
        dispatcher.runOnce();
        dispatcher.runOnce();
        // then
        assertEquals(1, held.size());
        assertEquals(0, store.calls(LIST));
    }

    @Test
    void saysOnceThatClaimsFailThoughComparisonsSucceed() {
        // given
        pending(1);
        dispatcher.runOnce();
        taken(1);
        store.always(CLAIM, Trouble.refused());
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(0, heard.all(StoreAvailable.class).size());
        assertTrue(store.calls(CLAIM) < 30, () -> store.calls(CLAIM) + " tries");
    }

    @Test
    void saysThatTheStoreIsBackThoughThereIsNoRoomToClaim() {
        // given
        pending(10);
        dispatcher.runOnce();
        taken(1);
        taken(2);
        store.next(LIST, Trouble.refused());
        // when
        run(Duration.ofSeconds(10));
        // then
        assertEquals(1, heard.all(StoreUnavailable.class).size());
        assertEquals(1, heard.all(StoreAvailable.class).size());
    }

    @Test
    void endsWhenItsNodeIsNoMemberAnyMore() {
        // given
        Node newer = Node.of("newer", new UUID(2, 2));
        real.join(JoinRequest.of(newer, Duration.ofSeconds(6), () -> {}).replacing(SomeJobs.NODE));
        // when
        run(Duration.ofMinutes(1));
        dispatcher.hearAnything();
        run(Duration.ofMinutes(1));
        // then
        assertEquals(1, ended.size());
        assertEquals(Optional.of(End.SUPERSEDED), ended.get(0).ended());
        assertEquals(1, store.calls(CLAIM));
        assertEquals(List.of(), heard.all(StoreUnavailable.class));
    }

    @Test
    void holdsNothingThatNobodyWillRun() {
        // given
        pending(2);
        deliveries.close();
        // when
        dispatcher.runOnce();
        // then
        assertEquals(0, held.size());
        dispatcher.compareNow();
        completion.runOnce();
        assertEquals(JobStatus.PENDING, info(JobId.of("job 0")).status());
    }
}
