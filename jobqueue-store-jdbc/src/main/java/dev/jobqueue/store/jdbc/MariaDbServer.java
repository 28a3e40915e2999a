package dev.jobqueue.store.jdbc;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the server is, in as far as the store depends on it.
 *
 * @param mode the sql_mode of our sessions
 * @param packet max_allowed_packet: how many bytes a statement may have
 * @param durable whether what is committed is on disk
 * @param logsStatements whether the binary log has statements only, which those of READ COMMITTED can't be
 */
record MariaDbServer(String version, String mode, int packet, boolean durable, boolean logsStatements) {
    private static final int MIB = 1024 * 1024;

    /** Less would leave no room for a memo and a list of jobs. */
    private static final int LEAST_PACKET = 4 * MIB;

    private static final int MOST_PAYLOAD = 16 * MIB;

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

    /** With a binary log a commit is as durable as the log is. */
    private static final String ASK = "select version(), @@sql_mode, @@max_allowed_packet,"
            + " @@innodb_flush_log_at_trx_commit in (1, 3) and @@innodb_doublewrite <> 'OFF'"
            + " and (not @@log_bin or @@sync_binlog = 1), @@log_bin and @@binlog_format = 'STATEMENT'";

    static MariaDbServer of(Transaction sql) throws SQLException {
        String version = sql.query("select version()", none -> {}, row -> row.getString(1))
                .get(0);
        if (!version.contains("MariaDB")) {
            return new MariaDbServer(version, "", LEAST_PACKET, false, false); // it may not know the rest
        }
        return sql.query(
                        ASK,
                        none -> {},
                        row -> new MariaDbServer(
                                row.getString(1),
                                row.getString(2),
                                row.getInt(3),
                                row.getBoolean(4),
                                row.getBoolean(5)))
                .get(0);
    }

    /** Why the store can't work there. */
    Optional<String> fault() {
        if (!version.contains("MariaDB")) {
            return Optional.of(
                    "its server is not MariaDB but " + version + "; MySQL lacks what the store needs of a server"
                            + " (compound statements outside of procedures); use MariaDB 10.6 or newer, or another store");
        }
        Matcher numbers = VERSION.matcher(version);
        if (numbers.matches()) {
            int major = Integer.parseInt(numbers.group(1));
            if (major < 10 || (major == 10 && Integer.parseInt(numbers.group(2)) < 6)) {
                return Optional.of("its server is MariaDB " + version + "; use 10.6 or newer");
            }
        }
        if (mode.contains("ORACLE")) {
            return Optional.of(
                    "its sessions have sql_mode=" + mode + "; use a DataSource whose sessions are without ORACLE");
        }
        if (logsStatements) {
            return Optional.of("its server has a binary log with binlog_format=STATEMENT; set it to MIXED or ROW");
        }
        return packet < LEAST_PACKET
                ? Optional.of("its server's max_allowed_packet is " + packet
                        + " bytes; set it to 4M at least, 64M to have" + " payloads of 16 MiB")
                : Optional.empty();
    }

    /** How many bytes of jobs a statement may bring: each may need two, and some room is for the rest. */
    int bytesOfJobs() {
        return Math.min(MOST_PAYLOAD + MIB, packet / 2 - MIB / 2);
    }

    /** The largest payload, beside which a job may have all else that it can. */
    int maxPayload() {
        return Math.min(MOST_PAYLOAD, bytesOfJobs() - MIB / 2);
    }
}
