package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.JobFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** Conditions on {@code job j}, and what binds their parameters. */
final class SqliteConditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<Parameters.Binding> bindings = new ArrayList<>();

    void add(String condition, Parameters.Binding binding) {
        conditions.add(condition);
        bindings.add(binding);
    }

    /** What a filter asks for, but its ids. */
    void add(JobFilter filter, Set<JobStatus> statuses, Kinds kinds, Optional<Node> live) {
        add(of(statuses), none -> {});
        filter.owner().ifPresent(owner -> add("j.owner = ?", row -> row.text(owner)));
        if (filter.orphaned()) {
            live.ifPresent(node -> add("j.owner <> ?", row -> row.text(node.text())));
        }
        if (!filter.queues().isEmpty() || !filter.types().isEmpty()) {
            String asked = SqliteJson.numbers(kinds.numbers(filter.queues(), filter.types()));
            add("j.kind in (select value from json_each(?))", row -> row.text(asked));
        }
        filter.dueBy().ifPresent(time -> add("j.run_at <= ?", row -> row.number(time.toEpochMilli())));
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

    /** A job in one of these; written out as the partial indexes have it, for a parameter would bar them. */
    static String of(Set<JobStatus> statuses) {
        if (statuses.size() == 1 && !statuses.iterator().next().isFinal()) {
            return "j.status = " + JobRows.code(statuses.iterator().next());
        }
        StringJoiner codes = new StringJoiner(", ", "j.status in (", ")");
        boolean allFinal = true;
        for (JobStatus status : EnumSet.copyOf(statuses)) {
            codes.add(Integer.toString(JobRows.code(status)));
            allFinal &= status.isFinal();
        }
        return (allFinal ? "j.status >= 2 and " : "") + codes;
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
