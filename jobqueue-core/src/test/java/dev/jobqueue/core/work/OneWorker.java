package dev.jobqueue.core.work;

import dev.jobqueue.JobHandler;
import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.core.submission.ClientEvents;
import dev.jobqueue.core.submission.StoreClient;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.RetryPolicy;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts that run a handler, on the test's thread and on a virtual clock, over a store of their own. */
final class OneWorker {
    final FakePlatform platform = new FakePlatform();
    final HeardEvents heard = new HeardEvents();
    final Reporter reporter = new Reporter(platform, List.of(heard));
    final HeldJobs held = new HeldJobs();
    final MemoryJobStore store = MemoryJobStore.create(platform::now);
    final Completion completion = new Completion(platform, store, reporter, change -> {}, () -> {}, () -> {});
    final Verdict verdict = new Verdict(platform, held);
    final DeliveryQueue<HeldJob> deliveries = new DeliveryQueue<>(platform, 100);
    final StoreClient client = new StoreClient(platform, store, 100, ClientEvents.none());
    final Handler handler;
    final Workers workers;
    final JobRunner runner;
    final Timeouts timeouts;
    final Worker worker;
    boolean live = true;
    int woken;
    int room;
    private final StoreSession session = store.join(JoinRequest.of(SomeJobs.NODE, Duration.ofSeconds(6), () -> {}));

    OneWorker(JobHandler code) {
        this(code, HandlerOptions.defaults(), RetryPolicy.defaults().withJitter(0));
    }

    OneWorker(JobHandler code, HandlerOptions options, RetryPolicy retry) {
        handler = new Handler(SomeJobs.TYPE, code, options, retry);
        Handlers handlers = new Handlers(Map.of(SomeJobs.TYPE, handler));
        workers = new Workers(
                platform,
                reporter,
                "test",
                1,
                handlers,
                deliveries,
                held,
                completion,
                () -> room++,
                job -> live,
                client);
        timeouts = new Timeouts(platform, reporter, verdict, held, completion, workers::abandon, () -> woken++);
        runner = new JobRunner(platform, reporter, handlers, verdict, completion, timeouts, job -> live, client);
        workers.count(1, 0);
        worker = workers.newWorker(runner);
    }

    /** A job of this name, claimed and held. */
    HeldJob claimed(String name) {
        store.insert(List.of(SomeJobs.pending(name)));
        return claimedAgain();
    }

    /** The next job that is due, claimed and held. */
    HeldJob claimedAgain() {
        ClaimSlot slot = ClaimSlot.of("default", Set.of(SomeJobs.TYPE), 1);
        HeldJob job = new HeldJob(session.claim(ClaimRequest.of(platform.now(), 1, List.of(slot)))
                .jobs()
                .get(0));
        held.add(job);
        return job;
    }

    /** Runs the job's handler, and writes the result. */
    JobInfo ran(HeldJob job) {
        runner.run(job);
        return written(job);
    }

    /** The job as the store has it when all results are written. */
    JobInfo written(HeldJob job) {
        completion.runOnce();
        return store.find(job.info().id()).orElseThrow().info();
    }
}
