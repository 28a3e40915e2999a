package dev.jobqueue.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.jdbc.MariaDbJobStore;
import dev.jobqueue.store.jdbc.PostgresJobStore;
import javax.sql.DataSource;

/**
 * Where the jobs of a scenario are.
 *
 * @param url of the database, with its user
 * @param schema that the scenario has to itself
 */
record Place(String url, String schema) {
    /** Short, so that a call which finds no connection fails before its caller gives up. */
    private static final int CONNECTION_TIMEOUT_MILLIS = 3_000;

    private static final int FIRST_CONNECTION_MILLIS = 60_000;

    /** A pool of connections, one of them open, that the server knows by the name of who has them. */
    HikariDataSource pool(String who, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(who);
        config.setJdbcUrl(url);
        config.addDataSourceProperty("ApplicationName", who); // for PostgreSQL
        config.addDataSourceProperty("connectionAttributes", "who:" + who); // for MariaDB
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(FIRST_CONNECTION_MILLIS);
        return new HikariDataSource(config);
    }

    JobStore open(DataSource source) {
        return url.startsWith("jdbc:mariadb:")
                ? MariaDbJobStore.open(source, options -> options.withSchema(schema))
                : PostgresJobStore.open(source, options -> options.withSchema(schema));
    }
}
