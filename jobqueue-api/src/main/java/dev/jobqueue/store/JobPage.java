package dev.jobqueue.store;

import dev.jobqueue.job.JobInfo;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A page of a list. Immutable. */
public final class JobPage {
    private final List<JobInfo> jobs;
    private final @Nullable String next;

    private JobPage(List<JobInfo> jobs, @Nullable String next) {
        this.jobs = List.copyOf(jobs);
        this.next = next;
    }

    /**
     * These jobs.
     *
     * @param next the cursor of the next page, opaque to all but the store; empty: that was all
     */
    public static JobPage of(List<JobInfo> jobs, Optional<String> next) {
        return new JobPage(jobs, next.orElse(null));
    }

    /** The jobs, without payloads. May be fewer than asked, or none, although a next page follows. */
    public List<JobInfo> jobs() {
        return jobs;
    }

    /** What {@link JobQuery#after} takes; empty: that was all. */
    public Optional<String> next() {
        return Optional.ofNullable(next);
    }

    @Override
    public String toString() {
        return jobs.size() + " jobs, next " + next;
    }
}
