package dev.jobqueue.core.completion;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.jobqueue.core.given.HeardEvents;
import dev.jobqueue.core.given.SomeJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;

/** Completion over a store that answers what a test says. */
abstract class Completing {
    final FakePlatform platform = new FakePlatform();
    final HeardEvents heard = new HeardEvents();
    final JobStore store = mock(JobStore.class);
    /** What the store answers, call by call; then it applies everything. */
    final Deque<Function<List<Change>, List<ApplyOutcome>>> answers = new ArrayDeque<>();

    final List<List<Change>> calls = new ArrayList<>();
    final List<Change> applied = new ArrayList<>();
    final List<String> settled = new ArrayList<>();
    int work;
    int room;
    Completion completion;

    @BeforeEach
    void aStoreThatAnswers() {
        ofMaxBatch(1_000);
        doAnswer(call -> {
                    List<Change> changes = call.getArgument(0);
                    calls.add(List.copyOf(changes));
                    return answers.isEmpty()
                            ? allApplied(changes)
                            : answers.remove().apply(changes);
                })
                .when(store)
                .apply(any());
        completion = new Completion(
                platform, store, new Reporter(platform, List.of(heard)), applied::add, () -> work++, () -> room++);
    }

    void ofMaxBatch(int most) {
        when(store.traits()).thenReturn(StoreTraits.exclusive("test").withMaxBatch(most));
    }

    static List<ApplyOutcome> allApplied(List<Change> changes) {
        return changes.stream().map(change -> ApplyOutcome.applied()).toList();
    }

    void answer(ApplyOutcome... outcomes) {
        answers.add(changes -> Arrays.asList(outcomes));
    }

    void fail(RuntimeException failure) {
        answers.add(changes -> {
            throw failure;
        });
    }

    Result completed(String name, int attempt) {
        JobInfo seen = SomeJobs.processing(name, attempt).info();
        return result(
                name,
                seen,
                "COMPLETE",
                Change.complete(seen, platform.now()),
                new JobCompleted(seen.id(), seen.type(), attempt, Duration.ZERO));
    }

    Result completed(String name) {
        return completed(name, 1);
    }

    Result failed(String name) {
        JobInfo seen = SomeJobs.processing(name).info();
        return result(
                name,
                seen,
                "FAIL",
                Change.fail(seen, platform.now(), "broken"),
                new JobFailed(seen.id(), seen.type(), 1, 1, "broken"));
    }

    Result released(String name) {
        JobInfo seen = SomeJobs.processing(name).info();
        return result(
                name,
                seen,
                "RELEASE",
                Change.release(seen, platform.now()),
                new JobReleased(seen.id(), seen.type(), 1, seen.runAt()));
    }

    Result result(String name, JobInfo seen, String tried, Change change, JobQueueEvent kept) {
        return new Result(seen, tried, change, kept, () -> settled.add(name));
    }

    List<Change> added(Result... results) {
        Arrays.stream(results).forEach(completion::add);
        return Arrays.stream(results).map(Result::change).toList();
    }
}
