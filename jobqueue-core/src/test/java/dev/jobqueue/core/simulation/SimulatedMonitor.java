package dev.jobqueue.core.simulation;

import dev.jobqueue.core.runtime.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A monitor whose threads wait for the baton, too. It wakes whom it likes, and now and then somebody for no reason. */
final class SimulatedMonitor implements Monitor {
    private final Scheduler scheduler;
    private final List<Task> entering = new ArrayList<>();
    private final List<Task> awaiting = new ArrayList<>();
    private @Nullable Task owner;
    private int entered;

    SimulatedMonitor(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void lock() {
        scheduler.point();
        enter(scheduler.current());
    }

    private void enter(Task task) {
        while (owner != null && owner != task) {
            entering.add(task);
            scheduler.block(task, this);
        }
        owner = task;
        entered++;
    }

    @Override
    public void unlock() {
        if (scheduler.isUnwinding()) {
            return;
        }
        checkOwner();
        if (--entered == 0) {
            leave();
            scheduler.point();
        }
    }

    private void leave() {
        owner = null;
        entering.forEach(scheduler::makeReady);
        entering.clear();
    }

    @Override
    public void signal() {
        scheduler.check();
        checkOwner();
        awaiting.removeIf(
                task -> task.state != Task.State.WAITING); // it has given up already: no signal may be lost on it
        if (!awaiting.isEmpty()) {
            scheduler.wake(awaiting.remove(scheduler.random().nextInt(awaiting.size())));
        }
    }

    @Override
    public void signalAll() {
        scheduler.check();
        checkOwner();
        awaiting.forEach(scheduler::wake);
        awaiting.clear();
    }

    @Override
    public void await(Duration longest) throws InterruptedException {
        scheduler.check();
        checkOwner();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Task task = scheduler.current();
        int depth = entered;
        entered = 0;
        leave();
        awaiting.add(task);
        boolean forNothing = scheduler.random().nextInt(64) == 0;
        scheduler.await(task, forNothing ? Duration.ZERO : longest, true);
        awaiting.remove(task);
        enter(task);
        entered = depth;
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void checkOwner() {
        if (owner != scheduler.current()) {
            throw new IllegalMonitorStateException("to be called by who is in");
        }
    }
}
