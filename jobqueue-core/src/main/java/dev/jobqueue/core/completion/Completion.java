package dev.jobqueue.core.completion;

import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.report.StoreCondition;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes results to the store, in batches of what came while the last call was under way. While the store fails, the same
 * batch is sent again and again. A result is reported only when the store has it.
 */
public final class Completion implements Duty {
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);

    private final Platform platform;
    private final JobStore store;
    private final Reporter reporter;
    private final StoreCondition condition;
    private final Consumer<Change> onApplied;
    private final Runnable onWork;
    private final Runnable onSettled;
    private final Monitor monitor;
    private final Deque<Result> waiting = new ArrayDeque<>();
    private int unsettled;
    /** What to send next, oldest first: touched by the duty's thread alone. */
    private final Deque<Batch> batches = new ArrayDeque<>();

    /** Results that are sent together, again and again until there is an answer. */
    private static final class Batch {
        final List<Result> results;
        boolean outcomeUnknown;

        Batch(List<Result> results) {
            this.results = results;
        }
    }

    /**
     * Of this store.
     *
     * @param onApplied told of each change that the store has made
     * @param onWork run when there is something to write
     * @param onSettled run when fewer results are on their way than before
     */
    public Completion(
            Platform platform,
            JobStore store,
            Reporter reporter,
            Consumer<Change> onApplied,
            Runnable onWork,
            Runnable onSettled) {
        this.platform = platform;
        this.store = store;
        this.reporter = reporter;
        this.condition = new StoreCondition(platform, reporter, "completion");
        this.onApplied = onApplied;
        this.onWork = onWork;
        this.onSettled = onSettled;
        this.monitor = platform.newMonitor();
    }

    /** Takes a result; it will be written soon. Never waits: the dispatcher bounds how many there can be. */
    public void add(Result result) {
        monitor.lock();
        try {
            waiting.add(result);
            unsettled++;
        } finally {
            monitor.unlock();
        }
        onWork.run();
    }

    /** How many results the store does not have yet. */
    public int unsettled() {
        monitor.lock();
        try {
            return unsettled;
        } finally {
            monitor.unlock();
        }
    }

    /** Waits until the store has every result. Returns whether it has, in time. */
    public boolean awaitSettled(Deadline deadline) {
        return deadline.await(monitor, () -> unsettled == 0);
    }

    /** Whether the store answers. */
    public StoreCondition condition() {
        return condition;
    }

    @Override
    public Turn runOnce() {
        if (batches.isEmpty() && !collect()) {
            return new Turn(0, UNTIL_WOKEN);
        }
        Batch batch = batches.getFirst();
        List<ApplyOutcome> outcomes;
        try {
            outcomes = store.apply(batch.results.stream().map(Result::change).toList());
            checkLength(batch, outcomes);
        } catch (IllegalArgumentException e) {
            batches.removeFirst();
            condition.answered();
            refuse(batch, e);
            return new Turn(0, Duration.ZERO);
        } catch (OutcomeUnknownException e) {
            batch.outcomeUnknown = true;
            return new Turn(0, condition.failed(e));
        } catch (StoreException e) {
            return new Turn(0, condition.failed(e));
        } catch (RuntimeException | Error e) {
            // no answer that the contract knows, so whatever was asked may have been done
            batch.outcomeUnknown = true;
            return new Turn(0, condition.failed(e));
        }
        batches.removeFirst();
        condition.answered();
        settle(batch, outcomes);
        return new Turn(outcomes.size(), Duration.ZERO);
    }

    /** Makes a batch of what waits; of each job one result, as a batch must not name a job twice. */
    private boolean collect() {
        List<Result> results = new ArrayList<>();
        monitor.lock();
        try {
            Set<Object> named = new HashSet<>();
            while (!waiting.isEmpty()
                    && results.size() < store.traits().maxBatch()
                    && named.add(waiting.getFirst().change().id())) {
                results.add(waiting.removeFirst());
            }
        } finally {
            monitor.unlock();
        }
        if (!results.isEmpty()) {
            batches.add(new Batch(results));
        }
        return !results.isEmpty();
    }

    private static void checkLength(Batch batch, List<ApplyOutcome> outcomes) {
        if (outcomes.size() != batch.results.size()) {
            throw new OutcomeUnknownException(
                    "apply must answer each of " + batch.results.size() + " changes, but answered " + outcomes.size(),
                    null);
        }
    }

    private void settle(Batch batch, List<ApplyOutcome> outcomes) {
        // all of them first: a log that fails at one report must not leave the others' jobs held for ever
        batch.results.forEach(result -> result.settled().run());
        try {
            for (int i = 0; i < outcomes.size(); i++) {
                settle(batch.results.get(i), outcomes.get(i), batch.outcomeUnknown);
            }
        } finally {
            settled(outcomes.size());
        }
    }

    private void settle(Result result, ApplyOutcome outcome, boolean outcomeUnknown) {
        if (outcome.isApplied()) {
            kept(result.change(), result.kept());
        } else if (isCompleted(result, outcome) && result.completed().isPresent()) {
            kept(
                    Change.complete(result.seen(), platform.now()),
                    result.completed().get());
        } else if (isCompleted(result, outcome) && outcomeUnknown && isCompletion(result)) {
            kept(result.change(), result.kept());
        } else {
            JobInfo job = result.seen();
            reporter.publish(
                    outcomeUnknown
                            ? new ResultUnknown(job.id(), job.type(), job.attempt(), result.tried(), outcome.toString())
                            : new ResultRefused(
                                    job.id(), job.type(), job.attempt(), result.tried(), outcome.toString()));
        }
    }

    private void kept(Change change, JobQueueEvent report) {
        onApplied.accept(change);
        if (!(report instanceof JobCompleted) || reporter.tellsOfEachJob()) {
            reporter.publish(report);
        }
    }

    /** Only this attempt's own worker writes COMPLETED at its attempt: in its handler, or in a try whose answer was lost. */
    private static boolean isCompleted(Result result, ApplyOutcome outcome) {
        return outcome.equals(
                ApplyOutcome.stale(JobStatus.COMPLETED, result.change().attempt()));
    }

    private static boolean isCompletion(Result result) {
        return result.change().to().equals(Optional.of(JobStatus.COMPLETED));
    }

    /** The data is at fault: each result goes alone, so that none pays for another's; one alone fails its job. */
    private void refuse(Batch batch, IllegalArgumentException fault) {
        if (batch.results.size() > 1) {
            for (Result result : batch.results) {
                Batch single = new Batch(List.of(result));
                single.outcomeUnknown = batch.outcomeUnknown;
                batches.add(single);
            }
            return;
        }
        Result result = batch.results.get(0);
        JobInfo job = result.seen();
        reporter.publish(new ResultRefused(
                job.id(), job.type(), job.attempt(), result.tried(), "refused by the store: " + fault.getMessage()));
        if (result.change().to().equals(Optional.of(JobStatus.FAILED))) {
            result.settled().run();
        } else {
            // else the job would be found PROCESSING under a node that does not hold it, be released, and run for ever
            add(Result.failed(result, platform.now(), fault));
        }
        settled(1);
    }

    private void settled(int results) {
        monitor.lock();
        try {
            unsettled -= results;
            if (unsettled == 0) {
                monitor.signalAll();
            }
        } finally {
            monitor.unlock();
        }
        onSettled.run();
    }
}
