package dev.jobqueue.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.Trouble;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HoldingsTest {
    private final FakePlatform platform = new FakePlatform();
    private final UnreliableStore store = new UnreliableStore(MemoryJobStore.create(platform::now));
    private final StoreSession session = store.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
    private final HeardEvents heard = new HeardEvents();
    private final Reporter reporter = new Reporter(platform, List.of(heard));
    private final HeldJobs held = new HeldJobs();
    private final Completion completion = new Completion(platform, store, reporter, change -> {}, () -> {}, () -> {});
    private final Holdings holdings = new Holdings(platform, store, held, completion, HeldJob::cancel);

    private List<Job> claim(int jobs) {
        ClaimSlot slot = ClaimSlot.of("default", Set.of(SomeJobs.TYPE), jobs);
        return session.claim(ClaimRequest.of(platform.now(), jobs, List.of(slot)))
                .jobs();
    }

    private Job claimed(String name) {
        store.insert(List.of(SomeJobs.pending(name)));
        return claim(1).get(0);
    }

    private HeldJob held(Job claimed) {
        HeldJob job = new HeldJob(claimed);
        held.add(job);
        return job;
    }

    private JobInfo info(JobId id) {
        return store.find(id).orElseThrow().info();
    }

    private void cancelled(HeldJob job) {
        store.apply(List.of(Change.cancel(job.info(), platform.now())));
    }

    @AfterEach
    void leaveNoInterrupt() {
        Thread.interrupted();
    }

    @Test
    void releasesWhatIsListedAndNotHeld() {
        // given
        Job lost = claimed("lost");
        HeldJob own = held(claimed("own"));
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        completion.runOnce();
        // then
        assertEquals(1, differences);
        assertEquals(JobStatus.PENDING, info(lost.id()).status());
        assertEquals(1, info(lost.id()).attempt());
        assertEquals(0, info(lost.id()).failures());
        assertEquals(lost.id(), heard.only(JobReleased.class).jobId());
        assertEquals(JobStatus.PROCESSING, info(own.info().id()).status());
        assertFalse(own.isCancelled());
    }

    @Test
    void releasesOnceHoweverLongTheStoreTakes() {
        // given
        Job lost = claimed("lost");
        // when
        holdings.compare(SomeJobs.NODE);
        holdings.compare(SomeJobs.NODE);
        holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(1, completion.unsettled());
        completion.runOnce();
        completion.runOnce();
        assertEquals(JobStatus.PENDING, info(lost.id()).status());
        assertEquals(List.of(), heard.all(ResultRefused.class));
    }

    @Test
    void releasesAgainWhatIsLostAgain() {
        // given
        JobId id = claimed("lost").id();
        holdings.compare(SomeJobs.NODE);
        completion.runOnce();
        // when
        claim(1);
        holdings.compare(SomeJobs.NODE);
        completion.runOnce();
        // then
        assertEquals(JobStatus.PENDING, info(id).status());
        assertEquals(2, info(id).attempt());
    }

    @Test
    void releasesAllThatWasLostHoweverMuch() {
        // given
        List<Job> jobs = IntStream.range(0, 900)
                .mapToObj(i -> SomeJobs.pending("job " + i))
                .toList();
        store.insert(jobs);
        claim(900);
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(900, differences);
        assertEquals(900, completion.unsettled());
    }

    @Test
    void stopsTheHandlerOfAJobThatWasTakenElsewhere() {
        // given
        HeldJob job = held(claimed("a"));
        job.begin(Thread.currentThread());
        cancelled(job);
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(1, differences);
        assertTrue(Thread.interrupted());
        assertTrue(job.isCancelled());
    }

    @Test
    void dropsADeliveryThatWasTakenElsewhere() {
        // given
        HeldJob job = held(claimed("a"));
        cancelled(job);
        // when
        holdings.compare(SomeJobs.NODE);
        // then
        assertFalse(job.begin(Thread.currentThread()));
        assertEquals(0, held.size());
        assertFalse(job.isCancelled());
    }

    @Test
    void leavesAloneWhatHasEndedMeanwhile() {
        // given
        HeldJob job = held(claimed("a"));
        job.begin(Thread.currentThread());
        job.end();
        cancelled(job);
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(0, differences);
        assertFalse(Thread.interrupted());
    }

    @Test
    void leavesAloneWhatEndsWhileItIsListed() {
        // given
        HeldJob job = held(claimed("a"));
        job.begin(Thread.currentThread());
        store.next(UnreliableStore.Call.LIST, Trouble.before(() -> {
            store.apply(List.of(Change.complete(job.info(), platform.now())));
            job.handlerReturned();
            job.end();
            held.remove(job);
        }));
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(0, differences);
        assertFalse(job.isCancelled());
    }

    @Test
    void releasesNothingThatEndedSinceItWasListed() {
        // given
        HeldJob job = held(claimed("a"));
        job.begin(Thread.currentThread());
        store.next(UnreliableStore.Call.LIST, Trouble.after(() -> {
            job.handlerReturned();
            job.end();
            held.remove(job);
        }));
        // when
        int differences = holdings.compare(SomeJobs.NODE);
        // then
        assertEquals(0, differences);
        assertEquals(0, completion.unsettled());
    }

    @Test
    void stopsTheHandlerOfAnEarlierAttempt() {
        // given: taken away and claimed again, which this node did not learn
        HeldJob job = held(claimed("a"));
        job.begin(Thread.currentThread());
        store.apply(List.of(Change.release(job.info(), platform.now())));
        claim(1);
        // when
        holdings.compare(SomeJobs.NODE);
        // then
        assertTrue(job.isCancelled());
        assertTrue(Thread.interrupted());
    }

    @Test
    void leavesTheJobsOfOthersAlone() {
        // given
        Job others = claimed("others");
        // when
        int differences = holdings.compare(Node.of("another", new UUID(2, 2)));
        // then
        assertEquals(0, differences);
        assertEquals(JobStatus.PROCESSING, info(others.id()).status());
    }
}
