package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Conditions that must all hold, and what binds their parameters. */
final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<Parameters.Binding> bindings = new ArrayList<>();

    Conditions add(String condition, Parameters.Binding binding) {
        conditions.add(condition);
        bindings.add(binding);
        return this;
    }

    /** The statuses in which a job can meet the filter. */
    static Set<JobStatus> statuses(JobFilter filter) {
        Set<JobStatus> statuses = EnumSet.allOf(JobStatus.class);
        if (!filter.statuses().isEmpty()) {
            statuses.retainAll(filter.statuses());
        }
        if (filter.orphaned() || filter.owner().isPresent()) {
            statuses.retainAll(Set.of(JobStatus.PROCESSING));
        }
        return statuses;
    }

    String text() {
        return String.join(" and ", conditions);
    }

    void bind(Parameters parameters) throws SQLException {
        for (Parameters.Binding binding : bindings) {
            binding.bind(parameters);
        }
    }
}
