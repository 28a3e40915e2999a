package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What SQLite's failures mean, in words that say what to do. */
final class SqliteFailure {
    private SqliteFailure() {}

    /** Nothing was done. */
    static StoreException notDone(String store, String call, Exception cause) {
        return new StoreException("store " + store + " cannot " + call + ": " + meaning(cause), cause);
    }

    /** Perhaps it was done. */
    static OutcomeUnknownException unknown(String store, String call, SQLException cause) {
        return new OutcomeUnknownException(
                "store " + store + " may or may not have done its " + call + ": " + meaning(cause), cause);
    }

    /** Whether SQLite only said that it was not the time, and keeps the transaction as it was. */
    static boolean isBusy(SQLException failure) {
        return primary(failure) == SQLiteErrorCode.SQLITE_BUSY;
    }

    /** Whether the file's content makes no sense. */
    static boolean isDamage(SQLException failure) {
        return primary(failure) == SQLiteErrorCode.SQLITE_CORRUPT;
    }

    private static SQLiteErrorCode primary(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff); // the rest of the code is detail
    }

    private static String meaning(Exception failure) {
        if (!(failure instanceof SQLException sql)) {
            return failure.toString();
        }
        String what = switch (primary(sql)) {
            case SQLITE_BUSY, SQLITE_LOCKED -> "another program holds the file's lock; end that program";
            case SQLITE_FULL -> "its disk is full; free some space";
            case SQLITE_IOERR -> "its disk can't be read or written; see the disk and the system's log";
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
                "its file or the log beside it is not writable; see their permissions";
            case SQLITE_CANTOPEN -> "its files can't be opened; see the permissions of them and their folder";
            case SQLITE_NOTADB -> "its file is not a database; open another file";
            case SQLITE_CORRUPT -> "its file is damaged; restore a copy, or open another file";
            case SQLITE_NOMEM -> "there is no memory left";
            default -> "the database failed";
        };
        return what + " (" + sql.getMessage() + ")";
    }
}
