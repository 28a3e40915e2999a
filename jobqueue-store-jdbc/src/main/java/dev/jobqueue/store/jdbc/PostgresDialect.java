package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

/** How PostgreSQL is spoken to. Settings are made for the transaction alone, since connections are the host's. */
final class PostgresDialect implements Dialect {
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String DEADLOCK = "40P01";
    private static final String UNIQUE_VIOLATION = "23505";

    /** A statement that was cancelled, or a server that went down, may have come to its commit just before. */
    private static final Set<String> AFTER_A_COMMIT = Set.of("57014", "57P01", "57P02", "57P03", "40003");

    /**
     * READ COMMITTED whatever the host's default, and on disk when it is done, unless the server as a whole is told
     * otherwise. Locks are waited for less long than statements, statements less long than the client waits, so that the
     * clearest failure comes first.
     */
    private static final String BEGIN = "begin isolation level read committed read write;"
            + " select set_config('lock_timeout', '%d', true), set_config('statement_timeout', '%d', true),"
            + " set_config('idle_in_transaction_session_timeout', '%d', true), set_config('jit', 'off', true),"
            + " set_config('synchronous_commit', case s when 'off' then 'on' else s end, true)%s"
            + " from current_setting('synchronous_commit') s; ";

    /** By the keys, and never by a plan that was made when a table was empty: see the decision 020. */
    private static final String BY_THE_KEYS = ", set_config('enable_seqscan', 'off', true),"
            + " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
            + " set_config('enable_bitmapscan', 'off', true)";

    private static final String PLANNED_ANEW = ", set_config('plan_cache_mode', 'force_custom_plan', true)";

    private record Begun(String begin) implements Framing {
        static Begun with(Duration bound, String settings) {
            long millis = bound.toMillis();
            return new Begun(BEGIN.formatted(millis / 3, millis * 5 / 6, millis, settings));
        }

        @Override
        public String around(String sql, boolean first, boolean last) {
            return (first ? begin : "") + sql + (last ? "; commit" : "");
        }

        @Override
        public int answersOfBeginning() {
            return 1;
        }

        @Override
        public String undo() {
            return "rollback";
        }
    }

    @Override
    public Framing writing(Duration bound) {
        return Begun.with(bound, BY_THE_KEYS);
    }

    @Override
    public Framing reading(Duration bound) {
        return Begun.with(bound, BY_THE_KEYS);
    }

    @Override
    public Framing reporting(Duration bound) {
        return Begun.with(bound, PLANNED_ANEW);
    }

    @Override
    public Framing defining(Duration bound) {
        return Begun.with(bound, PLANNED_ANEW);
    }

    /** Settings, and what becomes of the transaction after a failure, are the caller's. */
    @Override
    public Framing withinCallers(Duration bound) {
        return new Begun("");
    }

    @Override
    public boolean leavesDoubt(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || AFTER_A_COMMIT.contains(state);
    }

    @Override
    public boolean isDeadlock(SQLException failure) {
        return DEADLOCK.equals(failure.getSQLState());
    }

    static boolean isUniqueViolation(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    @Override
    public String meaning(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return "no connection or no sensible answer came";
        }
        return switch (state) {
            case LOCK_TIMEOUT -> "others held its locks for too long; try again";
            case "57014", "25P03" -> "it took too long; try again, and see the database's load";
            case "40001", DEADLOCK -> "it got into the way of another transaction; try again";
            case "25006" -> "the database is read-only; connect to the primary";
            case "42501" -> "its user lacks a right";
            case "3F000", "42P01", "42703" -> "its tables are not as they should be; see the SQL files in the jar";
            case "53100" -> "the database's disk is full; free some space";
            case "53300" -> "the database takes no more connections";
            case "57P01", "57P02", "57P03" -> "the database goes down or comes up";
            default -> state.startsWith("08") ? "the connection was lost or never made" : "the database failed";
        };
    }
}
