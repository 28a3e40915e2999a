package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where jobs are, whoever asks: for changes that did not hold, or that do not know their lease. */
final class PostgresPlaces implements Writer.Places {
    /** In one statement, so all that is found was so at one moment. A job that is nowhere else waits. */
    private static final String FIND = """
            select id, 0 as status, attempt, 0::bigint as lease from {job} where id = any(?::uuid[])
            union all
            select u.id, 1, u.attempt, l.lease
            from {lease} l cross join lateral unnest(l.ids, l.attempts) u(id, attempt) where u.id = any(?::uuid[])
            union all
            select id, status, attempt, 0 from {finished} where id = any(?::uuid[])
            order by status""";

    private final String find;

    PostgresPlaces(Names names) {
        this.find = names.sql(FIND);
    }

    private record Found(JobId id, Writer.Place place) {}

    @Override
    public Map<JobId, Writer.Place> find(Transaction sql, Collection<JobId> ids) throws SQLException {
        List<JobId> asked = List.copyOf(ids);
        Map<JobId, Writer.Place> places = new HashMap<>();
        sql.last(
                        find,
                        row -> new PostgresColumns<>(row, asked)
                                .uuid(JobId::value)
                                .uuid(JobId::value)
                                .uuid(JobId::value),
                        row -> new Found(
                                JobId.of(row.getObject(1, UUID.class)),
                                new Writer.Place(JobRows.status(row.getInt(2)), row.getInt(3), row.getLong(4))))
                .forEach(found -> places.put(found.id(), found.place())); // the later status is the right one
        return places;
    }
}
