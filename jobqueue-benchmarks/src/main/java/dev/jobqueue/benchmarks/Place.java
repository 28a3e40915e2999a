package dev.jobqueue.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Where a contestant keeps its jobs: a schema of a PostgreSQL server, a file, or memory.
 *
 * @param url of a server, empty if there is none
 * @param name of the schema, or the path of the file
 */
record Place(String url, String name) {
    /** Every contestant has so many connections: one a worker, and four for submits and for itself. */
    private static final int CONNECTIONS = Contestant.WORKERS + 4;

    static Place memory() {
        return new Place("", "");
    }

    /** One beside it, for a warm-up. */
    Place beside() {
        return new Place(url, name + "_warm_up");
    }

    /** A pool of connections to the schema, which it creates. */
    HikariDataSource pool(String... initially) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setSchema(name);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(60_000);
        config.setConnectionInitSql("create schema if not exists " + name + ";" + String.join(";", List.of(initially)));
        return new HikariDataSource(config);
    }

    /** What the server would have done at its leisure if the jobs had not come all at once. */
    void settle() throws SQLException {
        if (!url.isEmpty()) {
            try (HikariDataSource pool = pool();
                    Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("vacuum analyze");
                statement.execute("checkpoint");
            }
        }
    }
}
