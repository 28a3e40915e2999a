package dev.jobqueue.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.jobqueue.job.JobId;
import java.util.Collection;
import java.util.HexFormat;

/** Many values as one parameter, for {@code json_each}: so a statement's text does not depend on how many there are. */
final class SqliteJson {
    private SqliteJson() {}

    static String numbers(Collection<? extends Number> numbers) {
        return numbers.stream().map(Number::toString).collect(joining(",", "[", "]"));
    }

    /** Ids in hex, as {@code unhex} takes them. */
    static String ids(Collection<JobId> ids) {
        return ids.stream()
                .map(id -> HexFormat.of().formatHex(JobRows.bytes(id)))
                .collect(joining("\",\"", "[\"", "\"]"));
    }
}
