package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;

/**
 * How MariaDB is spoken to: what one call has to say is one compound statement, so that no lock waits for the client.
 * Settings hold for the statement alone, since connections are the host's. An error would leave the transaction open with
 * what was done before it, so each block undoes that itself.
 */
final class MariaDbDialect implements Dialect {
    /** Raised by the store's own blocks when a change was missed: see {@link MariaDbApply}. */
    static final String MISSED = "45J01";

    private static final int LOCK_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int DUPLICATE = 1062;
    private static final int NO_SCHEMA = 1049;
    private static final int NO_TABLE = 1146;

    /**
     * Locks are waited for less long than statements, statements less long than the client waits, so that the clearest
     * failure comes first. What a claim has taken is listed by group_concat, which would cut it.
     */
    private static final String SETTINGS = "set statement innodb_lock_wait_timeout=%d, lock_wait_timeout=%d,"
            + " max_statement_time=%s, group_concat_max_len=16777216 for ";

    /** Strict, so that nothing is cut to fit; the end of the block gives the session its own mode again. */
    private static final String MODE = "set sql_mode = 'STRICT_ALL_TABLES'; ";

    private static final String UNDO = "declare exit handler for sqlexception begin rollback; resignal; end; ";

    private static final String WRITE =
            "set transaction isolation level read committed; start transaction read write; ";

    private static final String READ = "set transaction isolation level repeatable read;"
            + " start transaction with consistent snapshot, read only; ";

    /** A client that is stopped between two statements keeps its locks no longer than this. */
    private static final String BETWEEN =
            "set @jobqueue_idle = @@idle_transaction_timeout; set session idle_transaction_timeout = %d; ";

    private static final String NO_MORE = "if @jobqueue_idle is not null then"
            + " set session idle_transaction_timeout = @jobqueue_idle; set @jobqueue_idle = null; end if; ";

    private record Block(String settings, String begin, String between) implements Framing {
        static Block of(Duration bound, String begin) {
            return new Block(settingsFor(bound), begin, BETWEEN.formatted(seconds(bound)));
        }

        @Override
        public String around(String sql, boolean first, boolean last) {
            return settings + "begin not atomic " + UNDO + MODE + (first ? begin : "") + (first && !last ? between : "")
                    + sql + "; " + (last ? "commit; " : "") + (last && !first ? NO_MORE : "") + "end";
        }

        @Override
        public int answersOfBeginning() {
            return 0;
        }

        @Override
        public String undo() {
            return "begin not atomic rollback; " + NO_MORE + "end";
        }
    }

    /** Definitions, which MariaDB commits one by one. */
    private record Plain(String settings) implements Framing {
        @Override
        public String around(String sql, boolean first, boolean last) {
            return settings + sql;
        }

        @Override
        public int answersOfBeginning() {
            return 0;
        }

        @Override
        public String undo() {
            return "rollback";
        }
    }

    /** The caller's transaction goes on when a call fails: so what the call did is undone, unless all was already. */
    private record Savepoint(String settings) implements Framing {
        private static final String UNDO_CALL = "declare exit handler for sqlexception begin"
                + " begin declare continue handler for sqlexception begin end; rollback to savepoint jobqueue; end;"
                + " resignal; end; ";

        @Override
        public String around(String sql, boolean first, boolean last) {
            return settings + "begin not atomic " + UNDO_CALL + MODE + "savepoint jobqueue; " + sql
                    + "; release savepoint jobqueue; end";
        }

        @Override
        public int answersOfBeginning() {
            return 0;
        }

        @Override
        public String undo() {
            throw new IllegalStateException("a caller's transaction is the caller's to undo");
        }
    }

    private static String settingsFor(Duration bound) {
        long millis = bound.toMillis();
        return SETTINGS.formatted(Math.max(1, millis / 3_000), seconds(bound), millis * 5 / 6_000.0);
    }

    private static long seconds(Duration bound) {
        return Math.max(1, bound.toSeconds());
    }

    @Override
    public Framing writing(Duration bound) {
        return Block.of(bound, WRITE);
    }

    @Override
    public Framing reading(Duration bound) {
        return Block.of(bound, READ);
    }

    @Override
    public Framing reporting(Duration bound) {
        return Block.of(bound, READ);
    }

    @Override
    public Framing defining(Duration bound) {
        return new Plain(settingsFor(bound));
    }

    @Override
    public Framing withinCallers(Duration bound) {
        return new Savepoint(settingsFor(bound));
    }

    /** A statement that was cancelled, or a server that went down, may have come to its commit just before. */
    @Override
    public boolean leavesDoubt(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || state.equals("70100");
    }

    @Override
    public boolean isDeadlock(SQLException failure) {
        return failure.getErrorCode() == DEADLOCK;
    }

    static boolean isDuplicate(SQLException failure) {
        return failure.getErrorCode() == DUPLICATE;
    }

    static boolean isMissingTable(SQLException failure) {
        return failure.getErrorCode() == NO_TABLE || failure.getErrorCode() == NO_SCHEMA;
    }

    static boolean isMissed(SQLException failure) {
        return MISSED.equals(failure.getSQLState());
    }

    @Override
    public String meaning(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case LOCK_TIMEOUT -> "others held its locks for too long; try again";
            case 1969 -> "it took too long; try again, and see the database's load";
            case DEADLOCK -> "it got into the way of another transaction; try again";
            case 1290, 1792, 1836 -> "the database is read-only; connect to the primary";
            case 1045 -> "the server refuses its user or password";
            case 1044, 1142, 1143, 1370 -> "its user lacks a right";
            case NO_SCHEMA, 1054, NO_TABLE -> "its tables are not as they should be; see the SQL files in the jar";
            case 1021, 1114 -> "the database's disk is full; free some space";
            case 1040, 1203, 1226 -> "the database takes no more connections";
            case 1053, 1077, 1079 -> "the database goes down or comes up";
            case 1153 -> "it was larger than the server's max_allowed_packet; set that to 64M";
            default -> {
                String state = failure.getSQLState();
                yield state == null || state.startsWith("08")
                        ? "the connection was lost or never made"
                        : "the database failed";
            }
        };
    }
}
