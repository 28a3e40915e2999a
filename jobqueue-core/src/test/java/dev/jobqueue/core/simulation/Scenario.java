package dev.jobqueue.core.simulation;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.QueueState;
import dev.jobqueue.core.submission.ClientEvents;
import dev.jobqueue.core.submission.StoreClient;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What one seed has happen: a few nodes over one store, clients that submit, cancel and retry, and faults for a while. Then the
 * faults end, every job must become final, and all nodes stop.
 */
final class Scenario {
    /**
     * How long every job may take to become final when the faults are over. Each suspect may have to wait in vain first, for which
     * its node then waits five minutes.
     */
    private static final Duration BOUND = Duration.ofMinutes(15);

    private static final int MAX_PAYLOAD = 1_000;

    final Scheduler scheduler;
    final Trace trace;
    final Auditor auditor;
    final Weather weather = new Weather();
    final Duration lease;
    final Duration renewal;
    final int workers;
    final int capacity;
    final Duration grace;
    final int page;
    final boolean listens;
    /** How long a handler may run, in milliseconds. */
    final int longestWork;

    private final SplittableRandom plan;
    private final StoreClock storeClock;
    private final JobStore store;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<JobId> ids = new ArrayList<>();
    private final Duration faults;
    private final boolean calm;
    private int lives;
    private int numbers;
    private int submitting;
    /** The faults are. */
    private boolean over;

    Scenario(long seed, Scheduler scheduler, Trace trace) {
        this.scheduler = scheduler;
        this.trace = trace;
        plan = new SplittableRandom(seed).split();
        int nodes = 1 + plan.nextInt(3);
        boolean shared = nodes > 1 || plan.nextBoolean();
        boolean shortLease = plan.nextBoolean();
        lease = Duration.ofMillis(shortLease ? 3_000 : 6_000);
        renewal = lease.dividedBy(4);
        workers = 1 + plan.nextInt(3);
        capacity = plan.nextInt(3) == 0 ? 1 : 10;
        grace = Duration.ofMillis(plan.nextInt(2) * plan.nextInt(4_000));
        page = plan.nextInt(3) == 0 ? 2 : 500;
        listens = plan.nextInt(3) == 0;
        longestWork = List.of(300, 600, 5_000).get(plan.nextInt(3));
        calm = plan.nextInt(10) == 0;
        faults = Duration.ofMillis(1_000 + plan.nextInt(plan.nextInt(4) == 0 ? 24_000 : 8_000));
        for (int i = 0; i < nodes; i++) {
            names.add(String.valueOf((char) ('a' + i)));
        }
        storeClock = new StoreClock(scheduler);
        store = shared ? MemoryJobStore.shared(storeClock) : MemoryJobStore.create(storeClock);
        auditor = new Auditor(scheduler, store, storeClock, lease, renewal, shared);
        scheduler.preemptOneIn = List.of(10, 40, 160).get(plan.nextInt(3));
        if (!calm) {
            weather.troubleOneIn = List.of(0, 4, 12, 40).get(plan.nextInt(4));
            weather.deathOneIn = plan.nextInt(3) == 0 ? 150 : 0;
            weather.slowest = Duration.ofMillis(List.of(50, 1_000, 3_000).get(plan.nextInt(3)));
            if (plan.nextInt(4) == 0) {
                scheduler.stallOneIn = 400;
                scheduler.longestStall = Duration.ofMillis(600);
            }
        }
    }

    JobStore reachedBy(Process process) {
        return new SimulatedStore(scheduler, process, weather, trace, auditor, store);
    }

    int nextNumber() {
        return ++numbers;
    }

    /** The whole of it, on the first thread. */
    void run() {
        names.forEach(this::bringUp);
        Process web = begin("web");
        JobClient client = clientOf(web);
        submits(web, () -> client, 3 + plan.nextInt(6));
        int events = calm ? 0 : plan.nextInt(6);
        for (int i = 0; i < events; i++) {
            scheduler.sleep(faults.dividedBy(events));
            happen();
        }
        for (Place place : places.values()) {
            JobQueue queue = place.queue();
            if (plan.nextInt(4) == 0 && !place.process.isGone() && queue != null) {
                scheduler.spawn(place.process, "asks", () -> asks(queue));
            }
        }
        scheduler.sleep(calm ? Duration.ofSeconds(1) : Duration.ofMillis(plan.nextInt(2_000)));
        settle();
        if (!calm && plan.nextInt(8) == 0) {
            loseTheLastClaim();
        }
        leave();
    }

    private JobClient clientOf(Process process) {
        return new StoreClient(
                new SimulatedPlatform(scheduler, process), reachedBy(process), MAX_PAYLOAD, ClientEvents.none());
    }

    private Process begin(String name) {
        Process process = new Process(name, ++lives);
        processes.add(process);
        return process;
    }

    private void bringUp(String name) {
        Process process = begin(name);
        if (!calm && plan.nextInt(4) == 0) {
            process.dyingIn = plan.nextInt(4_000);
        }
        Place place = new Place(this, process);
        places.put(name, place);
        trace.line(scheduler, process + " begins");
        scheduler.spawn(process, "main", place::live);
        submits(process, place::queue, 2 + plan.nextInt(4));
    }

    /** Clients of this process, as soon as there is one to submit with. */
    private void submits(Process process, java.util.function.Supplier<? extends JobClient> client, int jobs) {
        int threads = 1 + plan.nextInt(2);
        for (int i = 0; i < threads; i++) {
            SplittableRandom own = plan.split();
            int share = jobs / threads;
            submitting++;
            scheduler.spawn(process, "client-" + (i + 1), () -> new Client(this, client, own, share).run());
        }
    }

    /** A client's thread is over, or its process is. */
    void doneSubmitting() {
        submitting--;
    }

    List<JobId> ids() {
        return ids;
    }

    /** Submits, and keeps the books. */
    void submit(JobClient client, JobRequest request) {
        JobId id = client.submit(request).id();
        trace.line(
                scheduler,
                "submitted " + Texts.id(id) + " "
                        + new String(request.payload(), java.nio.charset.StandardCharsets.UTF_8));
        auditor.submitted(id, request.payload());
        ids.add(id);
    }

    private void happen() {
        String name = names.get(plan.nextInt(names.size()));
        Place place = places.get(name);
        Process process = place.process;
        int what = plan.nextInt(10);
        Duration time = Duration.ofMillis(lease.toMillis() / 4 + plan.nextInt((int) lease.toMillis() * 2));
        switch (what) {
            case 0 -> {
                trace.line(scheduler, process + " crashes");
                scheduler.kill(process);
                if (plan.nextBoolean()) {
                    bringUp(name);
                }
            }
            case 1, 2 -> {
                trace.line(scheduler, process + " stands still for " + time);
                auditor.trouble(process, true);
                scheduler.pause(process, time);
                if (plan.nextInt(3) == 0) {
                    bringUp(name); // its successor, while it stands still
                }
            }
            case 3 -> order(place, "exit", place::exit);
            case 4 -> order(place, "restart", place::stopAndStart);
            case 5 -> {
                trace.line(scheduler, "nobody reaches the store for " + time);
                weather.outage(scheduler.now() + time.toNanos());
            }
            case 6 -> {
                trace.line(scheduler, process + " does not reach the store for " + time);
                weather.outage(process, scheduler.now() + time.toNanos());
            }
            case 7 -> {
                process.clockAhead = Duration.ofMillis(plan.nextInt(40_000) - 20_000);
                trace.line(scheduler, "the clock of " + process + " steps to " + process.clockAhead);
            }
            case 8 -> {
                storeClock.ahead = Duration.ofMillis(plan.nextInt(40_000) - 20_000);
                trace.line(scheduler, "the store's clock steps to " + storeClock.ahead);
            }
            case 9 -> {
                trace.line(scheduler, process + " stands still, and then nobody reaches the store");
                auditor.trouble(process, true);
                scheduler.pause(process, lease.multipliedBy(3));
                scheduler.in(lease.plus(renewal), () -> {
                    if (!over) {
                        weather.outage(scheduler.now() + lease.toNanos() * 3 / 4);
                    }
                });
            }
            default -> throw new IllegalStateException();
        }
        if (process.isGone() && places.get(name) == place && plan.nextBoolean()) {
            bringUp(name);
        }
    }

    private void order(Place place, String what, Runnable order) {
        if (!place.process.isGone()) {
            scheduler.spawn(place.process, what, order);
        }
    }

    /** The faults are over. */
    private void settle() {
        trace.line(scheduler, "the faults are over");
        over = true;
        weather.clears();
        storeClock.ahead = Duration.ZERO;
        for (Process process : processes) {
            process.clockAhead = Duration.ZERO;
            process.dyingIn = -1;
            auditor.trouble(process, true);
        }
        scheduler.stallOneIn = Integer.MAX_VALUE;
        long least =
                scheduler.now() + (plan.nextInt(4) == 0 ? lease.multipliedBy(3).toNanos() : 0);
        awaitFinal(least);
    }

    /** What a late claim takes, nothing else brings to light: nobody is woken, and nobody has any other work. */
    private void loseTheLastClaim() {
        trace.line(scheduler, "one more claim is late");
        JobClient client = clientOf(begin("late"));
        JobRequest request = JobRequest.of(Script.PLAIN, new Script("r", Duration.ofMillis(20)).text(nextNumber()));
        weather.oneClaimLate();
        submit(client, request);
        scheduler.sleep(Duration.ofSeconds(1));
        weather.wakesNobody();
        submit(client, request.withRunAt(SimulatedPlatform.BEGIN));
        awaitFinal(0);
    }

    private void awaitFinal(long least) {
        long end = scheduler.now() + BOUND.toNanos();
        do {
            if (places.values().stream().noneMatch(Place::isUp)) {
                bringUp(names.get(plan.nextInt(names.size())));
            }
            scheduler.sleep(Duration.ofMillis(500));
            auditor.inspect();
            auditor.inspectNodes();
            if (scheduler.now() > end) {
                throw auditor.wrong(
                        12, "not final after " + BOUND + ": " + auditor.notFinal() + ", clients " + submitting);
            }
        } while (!auditor.allFinal() || someoneSubmits() || scheduler.now() < least);
    }

    private boolean someoneSubmits() {
        for (Process process : processes) {
            for (Task task : process.tasks) {
                if (!process.isGone() && task.name.startsWith("client")) {
                    return true;
                }
            }
        }
        return false;
    }

    private void leave() {
        List<Place> leaving = new ArrayList<>();
        for (Place place : places.values()) {
            JobQueue queue = place.queue();
            if (place.isUp() && queue != null && queue.health().state() == QueueState.RUNNING) {
                leaving.add(place);
                scheduler.spawn(place.process, "idle", () -> idle(queue));
                scheduler.spawn(place.process, "exit", place::exit);
            }
        }
        long end = scheduler.now() + BOUND.toNanos();
        while (leaving.stream().anyMatch(place -> !place.process.isGone())) {
            scheduler.sleep(Duration.ofMillis(200));
            if (scheduler.now() > end) {
                throw auditor.wrong(5, "not closed after " + BOUND);
            }
        }
        auditor.inspect();
        auditor.last();
    }

    /** Asks a few times whether all is done. */
    private void asks(JobQueue queue) {
        try {
            for (int i = 0; i < 5; i++) {
                long called = scheduler.now();
                if (queue.awaitIdle(Duration.ofMillis(scheduler.random().nextInt(300)))) {
                    auditor.idle(called);
                }
                scheduler.sleep(Duration.ofMillis(500));
            }
        } catch (JobQueueException | InterruptedException e) {
            trace.line(scheduler, "awaitIdle threw " + e);
        }
    }

    private void idle(JobQueue queue) {
        try {
            if (!queue.awaitIdle(Duration.ofSeconds(5))) {
                throw auditor.wrong(12, "all jobs are final, but awaitIdle says no");
            }
        } catch (JobQueueException | InterruptedException e) {
            trace.line(scheduler, "awaitIdle threw " + e); // closed meanwhile
        }
    }
}
