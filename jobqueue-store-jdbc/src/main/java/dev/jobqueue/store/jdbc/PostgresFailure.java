package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's failures mean, in words that say what to do. */
final class PostgresFailure {
    static final String LOCK_TIMEOUT = "55P03";
    static final String UNIQUE_VIOLATION = "23505";

    /** A statement that was cancelled, or a server that went down, may have come to its commit just before. */
    private static final Set<String> AFTER_A_COMMIT = Set.of("57014", "57P01", "57P02", "57P03", "40003");

    private PostgresFailure() {}

    /** Nothing was done. */
    static StoreException notDone(String store, String call, Exception cause) {
        return new StoreException("store " + store + " cannot " + call + ": " + meaning(cause), cause);
    }

    /** Perhaps it was done. */
    static OutcomeUnknownException unknown(String store, String call, Exception cause) {
        return new OutcomeUnknownException(
                "store " + store + " may or may not have done its " + call + ": " + meaning(cause), cause);
    }

    /** Whether a statement that carried its commit along may have been done all the same. */
    static boolean leavesDoubt(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.startsWith("08") || AFTER_A_COMMIT.contains(state);
    }

    static boolean isUniqueViolation(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    private static String meaning(Exception failure) {
        return failure instanceof SQLException sql
                ? meaning(sql.getSQLState()) + " (" + sql.getMessage() + ")"
                : failure.toString();
    }

    private static String meaning(@Nullable String state) {
        if (state == null) {
            return "no connection or no sensible answer came";
        }
        return switch (state) {
            case LOCK_TIMEOUT -> "others held its locks for too long; try again";
            case "57014", "25P03" -> "it took too long; try again, and see the database's load";
            case "40001", "40P01" -> "it got into the way of another transaction; try again";
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
