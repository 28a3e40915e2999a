package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobqueue.ConfigurationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a {@link PostgresJobStore} keeps its tables, and how long it waits. Immutable. What is out of its range is refused
 * when the store is opened, all of it in one {@link ConfigurationException}.
 *
 * <p>Defaults: the schema {@code jobqueue}, no prefix, {@link Migration#CREATE}, 6 seconds a call, the database's clock.
 */
public final class DatabaseOptions {
    private static final DatabaseOptions DEFAULTS =
            new DatabaseOptions("jobqueue", "", Migration.CREATE, Duration.ofSeconds(6), null);

    /** PostgreSQL cuts longer names without a word. */
    private static final int NAME_BYTES = 63;

    /** What is left of a name when the longest of ours follows. */
    private static final int PREFIX_BYTES = 40;

    private static final Duration SHORTEST_BOUND = Duration.ofMillis(100);
    private static final Duration LONGEST_BOUND = Duration.ofMinutes(10);

    private final String schema;
    private final String tablePrefix;
    private final Migration migration;
    private final Duration callBound;
    private final @Nullable InstantSource clock;

    private DatabaseOptions(
            String schema, String tablePrefix, Migration migration, Duration callBound, @Nullable InstantSource clock) {
        this.schema = Objects.requireNonNull(schema, "schema");
        this.tablePrefix = Objects.requireNonNull(tablePrefix, "tablePrefix");
        this.migration = Objects.requireNonNull(migration, "migration");
        this.callBound = Objects.requireNonNull(callBound, "callBound");
        this.clock = clock;
    }

    /** The defaults. */
    public static DatabaseOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another schema: 1 to 63 bytes, no control characters. Stores that differ in it, or in the prefix, share nothing. */
    public DatabaseOptions withSchema(String name) {
        return new DatabaseOptions(name, tablePrefix, migration, callBound, clock);
    }

    /** The same, and the names of all tables begin with this: up to 40 bytes, no control characters. */
    public DatabaseOptions withTablePrefix(String prefix) {
        return new DatabaseOptions(schema, prefix, migration, callBound, clock);
    }

    /** The same with another way to meet tables that are missing or old. */
    public DatabaseOptions withMigration(Migration choice) {
        return new DatabaseOptions(schema, tablePrefix, choice, callBound, clock);
    }

    /**
     * The same with another bound of a call, 100 ms to 10 minutes; counts, lists that may read all that is stored, and
     * work on the schema may take ten times as long. The wait for a connection is the pool's to bound, and comes first.
     */
    public DatabaseOptions withCallBound(Duration longest) {
        return new DatabaseOptions(schema, tablePrefix, migration, longest, clock);
    }

    /** The same, but leases go by this clock and not by the database's: for tests that move time. */
    public DatabaseOptions withClock(InstantSource source) {
        return new DatabaseOptions(schema, tablePrefix, migration, callBound, Objects.requireNonNull(source, "source"));
    }

    /** This, unless something is out of its range. */
    DatabaseOptions checked() {
        List<String> faults = new ArrayList<>();
        checkName(faults, "schema", schema, 1, NAME_BYTES);
        checkName(faults, "tablePrefix", tablePrefix, 0, PREFIX_BYTES);
        if (callBound.compareTo(SHORTEST_BOUND) < 0 || callBound.compareTo(LONGEST_BOUND) > 0) {
            faults.add("database.callBound must be 100 ms to 10 minutes, but was " + callBound);
        }
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
        return this;
    }

    private static void checkName(List<String> faults, String option, String name, int least, int most) {
        int bytes = name.getBytes(UTF_8).length;
        if (bytes < least || bytes > most || name.chars().anyMatch(Character::isISOControl)) {
            faults.add("database." + option + " must be " + least + " to " + most + " bytes without control characters,"
                    + " but was " + bytes + " bytes: \""
                    + name.replaceAll("\\p{Cntrl}", "?").substring(0, Math.min(80, name.length())) + "\"");
        }
    }

    /** The schema that holds the tables. */
    public String schema() {
        return schema;
    }

    /** What the names of all tables begin with. */
    public String tablePrefix() {
        return tablePrefix;
    }

    /** What is done about tables that are missing or old. */
    public Migration migration() {
        return migration;
    }

    /** How long a call may take. */
    public Duration callBound() {
        return callBound;
    }

    /** The clock of leases; empty: the database's. */
    public Optional<InstantSource> clock() {
        return Optional.ofNullable(clock);
    }
}
