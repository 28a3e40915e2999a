package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.End;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** How an end is stored. Never changed, only added to. */
final class Ends {
    private Ends() {}

    static int code(End end) {
        return switch (end) {
            case SUPERSEDED -> 0;
            case EXPIRED -> 1;
            case LEFT -> 2;
        };
    }

    static @Nullable End of(@Nullable Object code) throws SQLException {
        return code == null ? null : of(((Number) code).intValue());
    }

    static End of(int code) throws SQLException {
        return switch (code) {
            case 0 -> End.SUPERSEDED;
            case 1 -> End.EXPIRED;
            case 2 -> End.LEFT;
            default -> throw new SQLException("how a node ended is 0 to 2, but was " + code);
        };
    }
}
