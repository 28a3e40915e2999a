package dev.jobqueue.core.dispatch;

import static dev.jobqueue.core.given.UnreliableStore.Call.APPLY;
import static dev.jobqueue.core.given.UnreliableStore.Call.CLAIM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.SuspectRunsAlone;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.Suspects;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeclusionTest extends Dispatching {
    private static final String ALONE = "jobqueue.alone";

    @BeforeEach
    void workersGiveBack() {
        doAnswer(call -> {
                    call.<List<HeldJob>>getArgument(0).forEach(job -> completion.add(release(job)));
                    return null;
                })
                .when(workers)
                .giveBack(anyList());
    }

    private Result release(HeldJob job) {
        JobInfo seen = job.info();
        return new Result(
                seen,
                "RELEASE",
                Change.release(seen, platform.now()),
                new JobReleased(seen.id(), seen.type(), seen.attempt(), seen.runAt()),
                () -> held.remove(job));
    }

    private void suspects(String... names) {
        List.of(names).forEach(name -> suspect(name, "default", FakePlatform.BEGIN));
    }

    /** A job that crashed twice. Whatever else waits in its queue is claimed and released meanwhile. */
    private void suspect(String name, String queue, Instant runAt) {
        JobInfo info = SomeJobs.pending(name, runAt).info();
        real.insert(List.of(Job.of(info.toBuilder().queue(queue).build(), new byte[0])));
        StoreSession session = real.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
        ClaimSlot slot = ClaimSlot.of(queue, Set.of(SomeJobs.TYPE), 100).withSuspects(Suspects.NONE);
        for (int crash = 1; crash <= 2; crash++) {
            for (Job job : session.claim(ClaimRequest.of(platform.now().plusSeconds(1), 100, List.of(slot)))
                    .jobs()) {
                real.apply(List.of(
                        job.id().equals(info.id())
                                ? Change.recover(job.info(), platform.now())
                                : Change.release(job.info(), platform.now())));
            }
        }
    }

    private JobInfo named(String name) {
        return info(JobId.of(name));
    }

    private boolean isProcessing(String name) {
        return named(name).status() == JobStatus.PROCESSING;
    }

    /** The dispatcher is woken, when the store has the results so far. */
    private void turn() {
        completion.runOnce();
        woken();
    }

    /** The dispatcher is woken, and runs until it has to wait. */
    private Duration woken() {
        for (int i = 0; i < 10; i++) {
            Duration next = dispatcher.runOnce().next();
            if (!next.isNegative() && !next.isZero()) {
                return next;
            }
        }
        return fail("it spins");
    }

    /** The one job that a worker may take, begun. */
    private HeldJob delivered(String name) {
        assertEquals(1, deliveries.size());
        HeldJob job = taken();
        assertEquals(JobId.of(name), job.info().id());
        return job;
    }

    @Test
    void marksASuspectInTheStoreBeforeItBegins() {
        // given
        suspects("suspect");
        // when
        turn();
        turn();
        // then
        assertEquals(Map.of(ALONE, "3"), named("suspect").attributes());
        assertTrue(named("suspect").alone());
        assertEquals(
                new SuspectRunsAlone(JobId.of("suspect"), SomeJobs.TYPE, 3, 2, 0), heard.only(SuspectRunsAlone.class));
        delivered("suspect");
    }

    @Test
    void claimsNothingWhileASuspectRuns() {
        // given
        suspects("suspect");
        turn();
        turn();
        HeldJob running = delivered("suspect");
        pending(3);
        dispatcher.hearAnything();
        // when
        run(Duration.ofSeconds(59));
        // then
        assertEquals(List.of(running), held.all());
        assertEquals(1, store.calls(CLAIM));
    }

    @Test
    void clearsTheMarkWithTheResult() {
        // given
        suspects("suspect");
        turn();
        turn();
        // when
        done(delivered("suspect"));
        // then
        assertEquals(JobStatus.COMPLETED, named("suspect").status());
        assertEquals(Map.of(), named("suspect").attributes());
        assertEquals(0, named("suspect").crashes());
    }

    /** What waited with it would be an orphan as well, and in the end a suspect. */
    @Test
    void givesBackWhatWasClaimedWithASuspectBeforeItBegins() {
        // given
        suspects("suspect");
        List<JobId> others = pending(3);
        // when
        woken();
        // then
        assertEquals(0, deliveries.size(), "the store has not got them back yet");
        turn();
        assertEquals(Set.of(JobId.of("suspect")), processing());
        assertEquals(
                List.of(0, 0, 0), others.stream().map(id -> info(id).crashes()).toList());
        delivered("suspect");
    }

    private Set<JobId> processing() {
        return Set.copyOf(held.all().stream().map(job -> job.info().id()).toList());
    }

    @Test
    void givesBackWhatWaitsForAWorkerAndWaitsForWhatRuns() {
        // given: two run, two wait
        pending(4);
        woken();
        HeldJob first = taken();
        HeldJob second = taken();
        suspects("suspect");
        when(workers.number()).thenReturn(5);
        platform.advance(POLL);
        // when
        turn();
        turn();
        // then
        assertEquals(Set.of(first.info().id(), second.info().id(), JobId.of("suspect")), processing());
        assertFalse(named("suspect").alone());
        // when
        done(first);
        turn();
        assertFalse(named("suspect").alone());
        done(second);
        turn();
        // then
        assertTrue(named("suspect").alone());
    }

    /** The job of a handler that timed out has its result; the handler may end the process still. */
    @Test
    void waitsForHandlersWhoseJobsHaveEnded() {
        // given
        when(workers.busy()).thenReturn(1);
        suspects("suspect");
        // when
        turn();
        turn();
        // then
        assertFalse(named("suspect").alone());
        when(workers.busy()).thenReturn(0);
        turn();
        assertTrue(named("suspect").alone());
    }

    /** A handler that heeds nothing may go on for ever: the suspect need not wait for that, and is not convicted for it. */
    @Test
    void runsUnmarkedWhereAHandlerIsStuck() {
        // given
        when(workers.stuck()).thenReturn(1);
        suspects("suspect");
        // when
        turn();
        turn();
        // then
        delivered("suspect");
        assertFalse(named("suspect").alone());
        assertEquals(0, store.calls(APPLY));
    }

    @Test
    void givesTheSuspectBackWhenTheNodeIsNotEmptyInTime() {
        // given: a handler that takes long
        pending(1);
        woken();
        HeldJob running = taken();
        suspects("suspect");
        dispatcher.hearAnything();
        woken();
        // when
        run(Duration.ofMillis(29_999));
        assertTrue(isProcessing("suspect"));
        platform.advance(Duration.ofMillis(1));
        real.insert(List.of(SomeJobs.pending("other")));
        turn();
        turn();
        // then
        assertEquals(JobStatus.PENDING, named("suspect").status());
        assertEquals(2, named("suspect").crashes());
        assertEquals(Set.of(running.info().id(), JobId.of("other")), processing());
    }

    @Test
    void triesAgainFiveMinutesAfterAWaitInVain() {
        // given
        pending(1);
        woken();
        HeldJob running = taken();
        suspects("suspect");
        dispatcher.hearAnything();
        woken();
        run(Duration.ofSeconds(30));
        turn();
        completion.runOnce();
        assertFalse(isProcessing("suspect"));
        // when
        run(Duration.ofMinutes(5).minusMillis(1));
        assertFalse(isProcessing("suspect"));
        run(Duration.ofMillis(2));
        // then
        assertTrue(isProcessing("suspect"));
        done(running);
        turn();
        assertTrue(named("suspect").alone());
    }

    @Test
    void triesAgainAsSoonAsTheNodeIsEmpty() {
        // given
        pending(1);
        dispatcher.runOnce();
        HeldJob running = taken();
        suspects("suspect");
        dispatcher.hearAnything();
        woken();
        run(Duration.ofSeconds(30));
        turn();
        turn();
        assertFalse(isProcessing("suspect"));
        // when
        done(running);
        turn();
        // then
        assertTrue(named("suspect").alone());
    }

    @Test
    void takesTheMarkAwayAfterAMinuteAndThenClaimsOthers() {
        // given
        suspects("suspect");
        turn();
        turn();
        HeldJob running = delivered("suspect");
        JobId other = pending(1).get(0);
        platform.advance(Duration.ofMinutes(1));
        store.next(
                CLAIM,
                Trouble.before(() -> assertEquals(Map.of(), named("suspect").attributes())));
        // when
        woken();
        // then
        assertEquals(Set.of(running.info().id(), other), processing());
        assertFalse(named("suspect").alone());
        delivered("job 0");
    }

    @Test
    void claimsNothingUntilTheMarkIsAway() {
        // given
        suspects("suspect");
        turn();
        turn();
        delivered("suspect");
        JobId other = pending(1).get(0);
        platform.advance(Duration.ofMinutes(1));
        store.always(APPLY, Trouble.refused());
        // when
        run(Duration.ofMinutes(1));
        // then
        assertEquals(JobStatus.PENDING, info(other).status());
        assertEquals(1, store.calls(CLAIM));
        // when
        store.heal();
        run(Duration.ofSeconds(10));
        // then
        assertEquals(JobStatus.PROCESSING, info(other).status());
        assertFalse(named("suspect").alone());
    }

    @Test
    void marksAgainUntilAnAnswerSaysThatItIsMarked() {
        // given
        suspects("suspect");
        store.next(APPLY, Trouble.lost(), Trouble.answerLost());
        // when
        woken();
        platform.advance(Duration.ofSeconds(1));
        woken();
        // then
        assertEquals(0, deliveries.size());
        assertTrue(named("suspect").alone());
        platform.advance(Duration.ofSeconds(1));
        woken();
        delivered("suspect");
    }

    @Test
    void doesNotRunASuspectThatWasCancelledAsItShouldBegin() {
        // given
        suspects("suspect", "then");
        woken();
        real.apply(List.of(Change.cancel(named("suspect"), platform.now())));
        // when
        turn();
        turn();
        // then
        delivered("then");
        assertEquals(JobStatus.CANCELLED, named("suspect").status());
        assertEquals(Map.of(), named("suspect").attributes());
    }

    @Test
    void goesOnAtOnceWhenASuspectIsCancelledWhileItWaits() {
        // given
        pending(1);
        woken();
        taken();
        suspects("suspect");
        dispatcher.hearAnything();
        woken();
        JobInfo waiting = named("suspect");
        real.insert(List.of(SomeJobs.pending("other")));
        // when
        real.apply(List.of(Change.cancel(waiting, platform.now())));
        dispatcher.cancelled(waiting);
        woken();
        // then
        assertTrue(isProcessing("other"));
    }

    @Test
    void runsASuspectWhoseMarkTheStoreRefuses() {
        // given
        suspects("suspect");
        store.next(APPLY, Trouble.thrown(() -> new IllegalArgumentException("no more attributes")));
        // when
        turn();
        turn();
        // then
        delivered("suspect");
        assertEquals("AMEND", heard.only(ResultRefused.class).tried());
    }

    @Test
    void runsSuspectsOneAfterAnotherAndThenTheOthers() {
        // given
        suspects("a", "b", "c");
        pending(2);
        woken();
        Set<JobId> ran = new HashSet<>();
        // when
        for (int i = 0; i < 3; i++) {
            turn();
            HeldJob job = taken();
            assertTrue(info(job.info().id()).alone());
            assertEquals(1, held.size());
            ran.add(job.info().id());
            done(job);
        }
        turn();
        // then
        assertEquals(Set.of(JobId.of("a"), JobId.of("b"), JobId.of("c")), ran);
        assertEquals(2, held.size());
        // the claims: all, then one for each further suspect, one that finds none, and one for the others
        assertEquals(5, store.calls(CLAIM));
    }

    @Test
    void letsOthersHaveAMinuteAfterAMinuteOfSuspects() {
        // given: suspects that run for 25 seconds each, and others
        suspects("a", "b", "c", "d");
        pending(1);
        woken();
        for (int i = 0; i < 3; i++) {
            turn();
            HeldJob running = taken();
            platform.advance(Duration.ofSeconds(25));
            done(running);
        }
        // when
        turn();
        // then
        assertTrue(isProcessing("job 0"));
        done(delivered("job 0"));
        run(Duration.ofSeconds(59));
        assertEquals(0, held.size(), "it is not the last suspect's turn");
        run(Duration.ofSeconds(2));
        assertEquals(4, heard.all(SuspectRunsAlone.class).size());
    }

    @Test
    void looksForSuspectsAgainThoughItPollsRarely() {
        // given: nothing but the end of the others' turn could wake it
        suspects("suspect", "next");
        turn();
        turn();
        taken();
        platform.advance(Duration.ofMinutes(1));
        // when
        Duration next = woken();
        // then
        assertTrue(next.compareTo(COMPARE_EVERY) <= 0);
        assertFalse(isProcessing("next"));
        run(Duration.ofSeconds(61));
        assertTrue(isProcessing("next"), "it waits for the first to end");
    }

    @Test
    void costsNoCallWhereThereIsNoSuspect() {
        // given
        pending(3);
        // when
        woken();
        done(taken());
        done(taken());
        done(taken());
        woken();
        // then
        assertEquals(1, store.calls(CLAIM));
        assertEquals(3, store.calls(APPLY), "the results");
    }

    @Test
    void keepsOneOfTheSuspectsOfSeveralQueues() {
        // given
        dispatch(2, 100, Set.of(SomeJobs.TYPE), "urgent", "default");
        suspect("urgent", "urgent", FakePlatform.BEGIN);
        suspect("normal", "default", FakePlatform.BEGIN);
        // when
        turn();
        turn();
        // then
        assertEquals(Set.of(JobId.of("urgent")), processing());
        assertEquals(JobStatus.PENDING, named("normal").status());
        done(delivered("urgent"));
        turn();
        delivered("normal");
    }

    @Test
    void claimsADelayedSuspectWhenItIsDue() {
        // given
        suspect("later", "default", platform.now().plusMillis(700));
        // when
        Duration next = woken();
        // then
        assertEquals(Duration.ofMillis(700), next);
        platform.advance(next);
        turn();
        turn();
        delivered("later");
    }

    @Test
    void releasesASuspectThatAClaimTookWhoseAnswerWasLost() {
        // given
        suspects("suspect");
        store.next(CLAIM, Trouble.answerLost());
        woken();
        // when
        run(Duration.ofSeconds(2));
        completion.runOnce();
        run(Duration.ofSeconds(3));
        // then
        assertEquals(4, named("suspect").attempt());
        assertTrue(named("suspect").alone());
    }
}
