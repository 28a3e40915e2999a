package dev.jobqueue.core.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Drives the threads of several processes on virtual time, one at a time, all decisions drawn from one seed: the same seed
 * gives the same run.
 *
 * <p>How: each simulated thread is carried by a real one, so that the engine's blocking code stays as it is; a real thread
 * runs only while it has the baton, which it hands on at a scheduling point: at a monitor, a store call, a wait or its end.
 * There a random thread of those that can go on is chosen. Time advances by a little at each point, and to the next alarm
 * when every thread waits. An alarm is anything that happens by itself: a wait's end, a late store call, a crash, a pause.
 *
 * <p>What dies is unwound, since its real thread is needed again: each of its calls to the world throws {@link Vanished} and
 * does nothing. So whatever runs in its finally blocks reaches neither the store nor anything else outside its process.
 *
 * <p>A thread that blocks at anything but a {@link SimulatedPlatform}'s monitor keeps the baton, and the run is found stuck.
 */
final class Scheduler {
    private static final long MOST_POINTS = 400_000;
    private static final long STUCK_SECONDS = 10;
    private static final int STUCK_LOOKS = 3;

    private final SplittableRandom random;
    private final Carriers carriers;
    private final Trace trace;
    private final List<Task> ready = new ArrayList<>();
    private final List<Task> waiting = new ArrayList<>();
    private final List<Task> blocked = new ArrayList<>();
    private final Deque<Task> dying = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private long now;
    private long alarmsSet;
    private int tasks;
    private long points;
    private int paused;
    private boolean ending;
    /** Nobody has the baton: who gets it is being decided. */
    private boolean deciding;

    private @Nullable Task current;
    private @Nullable Throwable failure;

    /** One in so many points hands the baton on although nothing makes it. */
    int preemptOneIn = 16;
    /** One in so many points has its thread stand still for a while. */
    int stallOneIn = Integer.MAX_VALUE;

    Duration longestStall = Duration.ZERO;

    private record Alarm(long at, long number, Runnable event) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    Scheduler(long seed, Carriers carriers, Trace trace) {
        this.random = new SplittableRandom(seed);
        this.carriers = carriers;
        this.trace = trace;
    }

    /** The time since the run began, in nanoseconds. */
    long now() {
        return now;
    }

    long points() {
        return points;
    }

    /** What went wrong, if anything did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Of the run's randomness: to be used by who has the baton. */
    SplittableRandom random() {
        return random;
    }

    @Nullable
    Task currentOrNull() {
        return current;
    }

    Task current() {
        Task task = current;
        if (task == null) {
            throw new IllegalStateException("nobody has the baton");
        }
        return task;
    }

    /** Runs this as the first thread, and all that it starts, until it is over or something went wrong. */
    void run(Process process, Runnable body) throws InterruptedException {
        Task first = spawn(process, "fate", () -> {
            body.run();
            end();
        });
        ready.remove(first);
        go(first);
        long seen = -1;
        int still = 0;
        while (!done.await(STUCK_SECONDS, TimeUnit.SECONDS)) {
            // the machine itself may have stood still meanwhile
            still = points == seen ? still + 1 : 0;
            seen = points;
            if (still == STUCK_LOOKS) {
                throw stuck();
            }
        }
    }

    private IllegalStateException stuck() {
        Task stuck = current();
        IllegalStateException where = new IllegalStateException(stuck + " of " + stuck.process
                + " keeps the baton, at point " + points
                + "; ready " + ready + ", waiting " + waiting + ", blocked " + blocked + ", dying " + dying
                + ", given " + stuck.wasGivenBaton() + ", deciding " + deciding + ", ending " + ending);
        Carriers.Carrier on = stuck.carrier;
        if (on != null) {
            where.setStackTrace(on.thread.getStackTrace());
        }
        return where;
    }

    /** A thread that can go on from now. */
    Task spawn(Process process, String name, Runnable body) {
        Task task = new Task(this, process, name, ++tasks, body);
        if (process.isGone() || ending) {
            throw Vanished.NOW;
        }
        process.tasks.add(task);
        ready.add(task);
        return task;
    }

    /** Has this happen then, on whichever thread; it must not wait. */
    void at(long time, Runnable event) {
        alarms.add(new Alarm(Math.max(now, time), ++alarmsSet, event));
    }

    void in(Duration time, Runnable event) {
        at(now + time.toNanos(), event);
    }

    /** A scheduling point: another thread may go on first, and this one's process may be gone. */
    void point() {
        Task task = alive();
        if (++points > MOST_POINTS) {
            throw fail("more than " + MOST_POINTS + " scheduling points: somebody spins", null);
        }
        now += 500 + (points & 1023);
        if (task.process.dyingIn >= 0 && task.process.dyingIn-- == 0) {
            trace.line(this, "is killed at a scheduling point");
            kill(task.process);
        }
        ring();
        alive();
        if (stallOneIn != Integer.MAX_VALUE && random.nextInt(stallOneIn) == 0) {
            Duration time = Duration.ofNanos(random.nextLong(longestStall.toNanos()) + 1);
            trace.line(this, "stands still for " + time.toMillis() + " ms");
            await(task, time, false);
        } else if (random.nextInt(preemptOneIn) == 0 && !(ready.isEmpty() && paused == 0)) {
            ready.add(task);
            handOn(task);
        } else if (task.process.pausedUntil > now) {
            ready.add(task);
            handOn(task);
        }
    }

    /** The thread that has the baton, unless its process is gone. */
    private Task alive() {
        Task task = current();
        if (!task.isOnItsCarrier()) {
            throw new IllegalStateException(Thread.currentThread() + " runs, but " + task + " has the baton");
        }
        if (task.process.isGone() || ending) {
            throw Vanished.NOW;
        }
        return task;
    }

    /** Whether the thread that has the baton is of a process that is gone: nothing that it does may have an effect. */
    boolean isUnwinding() {
        return ending || current().process.isGone();
    }

    void check() {
        alive();
    }

    /** Waits until woken, or for so long. Returns whether the time was over. */
    boolean await(Task task, Duration longest, boolean interruptible) {
        task.state = Task.State.WAITING;
        task.interruptible = interruptible;
        task.timedOut = false;
        long wait = ++task.wait;
        waiting.add(task);
        in(longest, () -> {
            if (task.state == Task.State.WAITING && task.wait == wait) {
                task.timedOut = true;
                wake(task);
            }
        });
        handOn(task);
        return task.timedOut;
    }

    /** Stands still, whoever interrupts. */
    void sleep(Duration time) {
        await(alive(), time, false);
    }

    /** As {@link Thread#sleep}. */
    void sleepInterruptibly(Duration time) throws InterruptedException {
        Task task = alive();
        point();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        await(task, time, true);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Cannot go on until made ready. */
    void block(Task task, Object at) {
        task.state = Task.State.BLOCKED;
        task.at = at;
        handOn(task);
    }

    void wake(Task task) {
        if (task.state == Task.State.WAITING) {
            waiting.remove(task);
            makeReady(task);
        }
    }

    void makeReady(Task task) {
        if (task.state == Task.State.WAITING || task.state == Task.State.BLOCKED) {
            blocked.remove(task);
            task.state = Task.State.READY;
            task.at = null;
            ready.add(task);
        }
    }

    /** Its threads stand still until then. */
    void pause(Process process, Duration time) {
        if (process.isGone()) {
            return;
        }
        process.pausedUntil = Math.max(process.pausedUntil, now + time.toNanos());
        paused++;
        at(process.pausedUntil, () -> paused--);
    }

    /** Its threads never go on. */
    void kill(Process process) {
        if (!process.isGone()) {
            process.goes(now);
            for (Task task : process.tasks) {
                if (task != current || deciding) {
                    dies(task);
                }
            }
        }
    }

    private void dies(Task task) {
        ready.remove(task);
        waiting.remove(task);
        blocked.remove(task);
        if (task.carrier == null) {
            task.state = Task.State.OVER; // it never ran
        } else if (task.state != Task.State.DYING) {
            task.state = Task.State.DYING;
            dying.add(task);
        }
    }

    /** Ends the run. */
    void end() {
        if (!ending) {
            ending = true;
            alarms.clear();
            List<Task> left = new ArrayList<>(ready);
            left.addAll(waiting);
            left.addAll(blocked);
            left.forEach(this::dies);
        }
    }

    /** Ends the run: this went wrong. Returns what the caller is to throw. */
    Vanished fail(String what, @Nullable Throwable cause) {
        if (failure == null && !ending) {
            trace.line(this, "WRONG: " + what);
            failure = new AssertionError(what, cause);
            end();
        }
        return Vanished.NOW;
    }

    private void ring() {
        for (Alarm next = alarms.peek(); next != null && next.at() <= now; next = alarms.peek()) {
            alarms.poll();
            next.event().run();
        }
    }

    /** Gives the baton to somebody, and waits for it. */
    private void handOn(Task task) {
        if (task.state == Task.State.BLOCKED) {
            blocked.add(task);
        }
        Task next = next();
        if (next != task) {
            go(next);
            task.awaitBaton();
        }
        trace.step(now, task);
        alive();
    }

    /** This thread ends: the baton goes to another, and its carrier to whoever begins next. */
    void over(Task task, Carriers.Carrier on) {
        task.state = Task.State.OVER;
        task.process.tasks.remove(task);
        on.free();
        Task next = next();
        if (next == null) {
            current = null;
            done.countDown();
        } else {
            go(next);
        }
    }

    private void go(Task next) {
        current = next;
        if (next.carrier == null) {
            next.carrier = carriers.take();
            next.carrier.assign(next);
        } else {
            next.giveBaton();
        }
    }

    /** Who goes on; null: nobody is left. */
    private @Nullable Task next() {
        deciding = true;
        try {
            Task next = decide();
            current = next;
            return next;
        } finally {
            deciding = false;
        }
    }

    private @Nullable Task decide() {
        while (true) {
            Task unwound = dying.poll();
            if (unwound != null) {
                return unwound;
            }
            if (ending) {
                return null;
            }
            wakeInterrupted();
            Task chosen = choose();
            if (chosen != null) {
                return chosen;
            }
            Alarm alarm = alarms.poll();
            if (alarm == null) {
                fail("all threads wait for ever: " + waiting + ", blocked " + blocked, null);
            } else {
                now = Math.max(now, alarm.at());
                try {
                    alarm.event().run();
                } catch (Vanished wrong) {
                    // the run ends
                }
            }
        }
    }

    private void wakeInterrupted() {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Task task = waiting.get(i);
            if (task.interruptible && task.isInterrupted()) {
                wake(task);
            }
        }
    }

    private @Nullable Task choose() {
        if (paused == 0) {
            return ready.isEmpty() ? null : removeReady(random.nextInt(ready.size()));
        }
        int awake = 0;
        for (Task task : ready) {
            awake += task.process.pausedUntil > now ? 0 : 1;
        }
        if (awake == 0) {
            return null;
        }
        int nth = random.nextInt(awake);
        for (int i = 0; ; i++) {
            if (ready.get(i).process.pausedUntil <= now && nth-- == 0) {
                return removeReady(i);
            }
        }
    }

    private Task removeReady(int at) {
        Task last = ready.remove(ready.size() - 1);
        return at == ready.size() ? last : ready.set(at, last);
    }
}
