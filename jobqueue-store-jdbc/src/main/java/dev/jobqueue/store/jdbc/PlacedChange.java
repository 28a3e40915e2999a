package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.Change;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into tables in which a job is where its status is.
 *
 * @param no its place in the caller's batch
 * @param lease the number of the lease that is said to hold the job, or 0
 */
record PlacedChange(int no, Change change, long lease) {
    /** With the lease that the job's own hint names. */
    static PlacedChange of(int no, Change change) {
        return new PlacedChange(no, change, lease(change.hint()));
    }

    private static long lease(Optional<String> hint) {
        try {
            return hint.map(Long::parseLong).orElse(0L);
        } catch (NumberFormatException e) {
            return 0; // a hint of another store's
        }
    }

    /** Where a job is in one of these statuses. */
    enum Where {
        WAITING,
        RUNNING,
        FINISHED;

        static Where of(JobStatus status) {
            return switch (status) {
                case PENDING -> WAITING;
                case PROCESSING -> RUNNING;
                case COMPLETED, FAILED, CANCELLED -> FINISHED;
            };
        }
    }

    Where where() {
        return Where.of(change.from());
    }

    /** The changes by where their jobs are said to be: each group to be applied in a transaction of its own. */
    static Collection<List<PlacedChange>> groups(List<PlacedChange> changes) {
        return changes.stream()
                .collect(Collectors.groupingBy(PlacedChange::where))
                .values();
    }

    /** The status it leaves the job in; none if the job goes. */
    @Nullable
    Integer becomes() {
        return change.removes() ? null : JobRows.code(change.to().orElse(change.from()));
    }

    /** Whether a job is PENDING when this is done. */
    boolean makesPending() {
        return !change.removes() && change.to().orElse(change.from()) == JobStatus.PENDING;
    }

    /** Whether a job is final when this is done, and still there. */
    boolean makesFinal() {
        return !change.removes() && change.to().orElse(change.from()).isFinal();
    }

    /** Whether the job's own row is written; where it is, says the status, and crashes of a completed job count for nothing. */
    boolean touches() {
        boolean counts = change.failures().isPresent()
                || (change.crashes().isPresent() && !change.to().equals(Optional.of(JobStatus.COMPLETED)));
        boolean carries = change.error().isPresent()
                || change.memo().isPresent()
                || !change.attributes().isEmpty()
                || change.runAt().isPresent()
                || change.priority().isPresent();
        boolean unfinished = !change.removes() && !makesFinal();
        return unfinished || counts || carries;
    }

    /** What it does to the attributes, as {@link AttributesText#patch} has it. */
    @Nullable
    String patch(String gone) {
        Map<String, Optional<String>> attributes = change.attributes();
        return attributes.isEmpty() ? null : AttributesText.patch(attributes, gone);
    }
}
