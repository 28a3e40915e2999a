package dev.jobqueue.core.dispatch;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.Quiet;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.given.UnreliableStore;
import dev.jobqueue.core.membership.Member;
import dev.jobqueue.core.membership.Membership;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;

/** A dispatcher over a store whose calls can be made to fail, on a virtual clock, for workers that a test pretends. */
abstract class Dispatching {
    static final Duration POLL = Duration.ofSeconds(2);
    static final Duration COMPARE_EVERY = Duration.ofMillis(1_500);

    final FakePlatform platform = new FakePlatform();
    final MemoryJobStore real = MemoryJobStore.create(platform::now);
    final UnreliableStore store = new UnreliableStore(real);
    final HeardEvents heard = new HeardEvents();
    final Reporter reporter = new Reporter(platform, List.of(heard));
    final HeldJobs held = new HeldJobs();
    final Completion completion = new Completion(platform, store, reporter, change -> {}, () -> {}, () -> {});
    final Workers workers = mock(Workers.class);
    final Quiet witness = new Quiet();
    boolean shared;
    Member member;
    DeliveryQueue<HeldJob> deliveries;
    Dispatcher dispatcher;

    @BeforeEach
    void twoWorkers() {
        dispatch(2, 100, Set.of(SomeJobs.TYPE), "default");
    }

    void dispatch(int number, int capacity, Set<String> types, String... queues) {
        StoreSession session = store.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));
        dispatch(session, number, capacity, types, queues);
    }

    void dispatch(StoreSession session, int number, int capacity, Set<String> types, String... queues) {
        when(workers.number()).thenReturn(number);
        doAnswer(call -> deliveries.offerAll(call.getArgument(0))).when(workers).offer(any());
        deliveries = new DeliveryQueue<>(platform, capacity);
        Joined joined = new Joined(SomeJobs.NODE, session);
        Membership membership =
                new Membership(platform, reporter, store, SomeJobs.NODE.name(), Duration.ofSeconds(6), () -> {});
        member = new Member(
                platform, reporter, membership, LeaseOptions.defaults(), shared, joined, platform.nanoTime(), witness);
        dispatcher = new Dispatcher(
                platform,
                reporter,
                store,
                member,
                List.of(queues),
                types,
                POLL,
                deliveries,
                held,
                completion,
                workers,
                COMPARE_EVERY);
    }

    List<JobId> pending(int jobs) {
        List<Job> all = IntStream.range(0, jobs)
                .mapToObj(i -> SomeJobs.pending("job " + i))
                .toList();
        real.insert(all);
        return all.stream().map(Job::id).toList();
    }

    JobInfo info(JobId id) {
        return real.find(id).orElseThrow().info();
    }

    /** A worker takes a delivery, and begins it. */
    HeldJob taken() {
        HeldJob job = deliveries.take().orElseThrow();
        job.begin(new Thread(() -> {}));
        return job;
    }

    /** The handler of a job returns, and the store gets the result. */
    void done(HeldJob job) {
        job.handlerReturned();
        job.end();
        completion.add(result(job));
        completion.runOnce();
    }

    Result result(HeldJob job) {
        JobInfo seen = job.info();
        return new Result(
                seen,
                "COMPLETE",
                Change.complete(seen, platform.now()),
                new JobCompleted(seen.id(), seen.type(), seen.attempt(), Duration.ZERO),
                () -> held.remove(job));
    }

    /** Runs the duty as its loop would, for so long. */
    void run(Duration time) {
        Duration end = platform.passed().plus(time);
        while (platform.passed().compareTo(end) < 0) {
            Duration next = dispatcher.runOnce().next();
            platform.advance(next.isNegative() || next.isZero() ? Duration.ofMillis(1) : next);
        }
    }
}
