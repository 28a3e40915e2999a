package dev.jobqueue.core.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobClient;
import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.completion.Result;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.given.Quiet;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.membership.Member;
import dev.jobqueue.core.membership.Membership;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.recovery.LeftBehind;
import dev.jobqueue.core.recovery.Recovery;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.core.work.Handlers;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.mockito.Mockito;

/** Pills end the process of whoever runs them: any number of them, among any number of good jobs. */
class PoisonPillPropertiesTest {
    private static final JobClient NOBODY = Mockito.mock(JobClient.class);

    /** One life of a process, on the test's thread: workers that take what is delivered, and finish it or die of it. */
    private static final class Life {
        final FakePlatform platform;
        final HeldJobs held = new HeldJobs();
        final DeliveryQueue<HeldJob> deliveries;
        final Completion completion;
        final List<HeldJob> running = new ArrayList<>();
        final Dispatcher dispatcher;
        final int number;

        Life(FakePlatform platform, MemoryJobStore store, int number) {
            this.platform = platform;
            this.number = number;
            Reporter reporter = new Reporter(platform, List.of());
            deliveries = new DeliveryQueue<>(platform, 100);
            completion = new Completion(platform, store, reporter, change -> {}, () -> {}, () -> {});
            Set<String> types = Set.of(SomeJobs.TYPE);
            Membership membership = new Membership(platform, reporter, store, "node", Duration.ofSeconds(6), () -> {});
            Joined joined = membership.takeOver();
            Member member = new Member(
                    platform,
                    reporter,
                    membership,
                    LeaseOptions.defaults(),
                    false,
                    joined,
                    platform.nanoTime(),
                    new Quiet());
            Workers workers = new Workers(
                    platform,
                    reporter,
                    "node",
                    number,
                    new Handlers(Map.of()),
                    deliveries,
                    held,
                    completion,
                    () -> {},
                    member::mayBegin,
                    NOBODY);
            new Recovery(platform, reporter, store, RecoveryOptions.defaults(), Set.of("default"), types)
                    .recover(joined.node(), new DeliveryQueue<>(platform, 1));
            dispatcher = new Dispatcher(
                    platform,
                    reporter,
                    store,
                    member,
                    List.of("default"),
                    types,
                    Duration.ofSeconds(2),
                    deliveries,
                    held,
                    completion,
                    workers,
                    Duration.ofMillis(1_500));
        }

        /** Results are written, jobs claimed, and begun by workers that have nothing to do. */
        void step() {
            while (completion.unsettled() > 0) {
                completion.runOnce();
            }
            dispatcher.runOnce();
            while (running.size() < number && deliveries.size() > 0) {
                HeldJob job = deliveries.take().orElseThrow();
                if (job.begin(Thread.currentThread())) {
                    running.add(job);
                }
            }
            platform.advance(Duration.ofMillis(10));
        }

        void finish(HeldJob job) {
            running.remove(job);
            job.handlerReturned();
            job.end();
            JobInfo seen = job.info();
            completion.add(new Result(
                    seen,
                    "COMPLETE",
                    Change.complete(seen, platform.now()),
                    new JobCompleted(seen.id(), seen.type(), seen.attempt(), Duration.ZERO),
                    () -> held.remove(job)));
        }
    }

    @Property(tries = 50)
    void allPillsAndNoOtherJobsEndInQuarantine(
            @ForAll @IntRange(max = 4) int pills,
            @ForAll @IntRange(max = 40) int good,
            @ForAll @IntRange(min = 1, max = 16) int workers,
            @ForAll @IntRange(max = 2) int kills,
            @ForAll Random chance) {
        // given
        FakePlatform platform = new FakePlatform();
        MemoryJobStore store = MemoryJobStore.create(platform::now);
        List<JobId> all = IntStream.range(0, pills + good)
                .mapToObj(i -> JobId.of("job " + i))
                .toList();
        Set<JobId> deadly = new HashSet<>(all.subList(0, pills));
        IntStream.range(0, all.size()).forEach(i -> store.insert(List.of(SomeJobs.pending("job " + i))));
        int lives = 1;
        int killsLeft = kills;
        Life life = new Life(platform, store, workers);
        // when
        while (LeftBehind.all(store).stream().anyMatch(job -> !job.status().isFinal())) {
            life.step();
            boolean killed = killsLeft > 0 && chance.nextInt(20) == 0;
            killsLeft -= killed ? 1 : 0;
            for (HeldJob job : List.copyOf(life.running)) {
                if (chance.nextBoolean()) {
                    if (deadly.contains(job.info().id())) {
                        killed = true;
                        break;
                    }
                    life.finish(job);
                }
            }
            if (killed) {
                life = new Life(platform, store, workers);
                lives++;
            }
            assertTrue(lives <= 1 + 5 * pills + kills, "more restarts than its pills can account for");
        }
        // then
        for (JobInfo job : LeftBehind.all(store)) {
            assertEquals(deadly.contains(job.id()) ? JobStatus.FAILED : JobStatus.COMPLETED, job.status());
        }
    }
}
