package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import java.util.Collection;
import java.util.HexFormat;
import java.util.StringJoiner;

/** Many values as one parameter, for {@code json_each}: so a statement's text does not depend on how many there are. */
final class SqliteJson {
    private SqliteJson() {}

    static String numbers(Collection<? extends Number> numbers) {
        StringJoiner json = new StringJoiner(",", "[", "]");
        for (Number number : numbers) {
            json.add(number.toString());
        }
        return json.toString();
    }

    /** Ids in hex, as {@code unhex} takes them. */
    static String ids(Collection<JobId> ids) {
        StringJoiner json = new StringJoiner("\",\"", "[\"", "\"]");
        for (JobId id : ids) {
            json.add(HexFormat.of().formatHex(JobRows.bytes(id)));
        }
        return json.toString();
    }
}
