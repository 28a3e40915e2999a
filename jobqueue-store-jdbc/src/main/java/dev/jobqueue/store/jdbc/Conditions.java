package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
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

    /** Whether what a page costs is bounded by what is on it and by what is running; otherwise all that is stored may be read. */
    static boolean isQuick(JobQuery query) {
        return query.order() == JobOrder.CLAIM || !query.filter().ids().isEmpty() || isOfRunning(query);
    }

    /** Whether it is of running jobs alone, in the order in which they are found. */
    static boolean isOfRunning(JobQuery query) {
        return query.order() == JobOrder.STORE
                && query.filter().ids().isEmpty()
                && statuses(query.filter()).equals(Set.of(JobStatus.PROCESSING));
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
