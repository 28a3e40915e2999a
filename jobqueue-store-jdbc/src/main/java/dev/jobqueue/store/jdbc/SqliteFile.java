package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/** The file of a store: whether it may be one, and how it is opened. */
final class SqliteFile {
    private static final Schema SCHEMA = new Schema("sqlite", List.of("V1__jobs.sql"));
    private static final String VERSIONS = "jobqueue_schema";

    private final String name;
    private final Path path;

    private SqliteFile(String name, Path path) {
        this.name = name;
        this.path = path;
    }

    /**
     * The file at this path, which need not exist.
     *
     * @throws StoreException if there can't be a store; nothing was changed
     */
    static SqliteFile at(Path given) {
        Path folder = given.toAbsolutePath().getParent();
        if (Files.isDirectory(given) || folder == null) {
            throw refused(given, "is a folder; name a file in it, such as " + given.resolve("jobs.db"));
        }
        if (!Files.isDirectory(folder)) {
            throw refused(given, "has no folder " + folder + " to be in; create that, or open another file");
        }
        boolean exists = Files.exists(given);
        if (exists && !Files.isRegularFile(given)) {
            throw refused(given, "is no regular file; open another one");
        }
        if (!Files.isWritable(exists ? given : folder)) {
            throw refused(given, "is not writable for this process; change its permissions, or open another file");
        }
        try {
            Path path = exists ? given.toRealPath() : folder.toRealPath().resolve(given.getFileName());
            return new SqliteFile(given.toString(), path);
        } catch (IOException e) {
            throw new StoreException("store " + given + " cannot be opened: " + e, e);
        }
    }

    private static StoreException refused(Path given, String why) {
        return new StoreException("store " + given + " " + why);
    }

    /** What messages call it: the path as the host gave it. */
    String name() {
        return name;
    }

    /** The real path. */
    Path path() {
        return path;
    }

    /**
     * Refuses a file of something else, before a lock file is put beside it. Takes no lock, for somebody may have the
     * store open; what looks damaged may just be being written, and is seen again by who has the lock.
     */
    void checkContent() {
        try {
            if (!Files.exists(path) || Files.size(path) == 0) {
                return;
            }
            try (Statements sql = new Statements(connect("?mode=ro&immutable=1"))) {
                checkVersion(sql);
            }
        } catch (IOException e) {
            throw SqliteFailure.notDone(name, "be opened", e);
        } catch (SQLException e) {
            if (!SqliteFailure.isDamage(e)) {
                throw SqliteFailure.notDone(name, "be opened", e);
            }
        }
    }

    /** Brings its tables up to date. */
    void migrate(Statements sql) throws SQLException {
        for (int version = checkVersion(sql) + 1; version <= SCHEMA.latest(); version++) {
            for (String statement : SCHEMA.statements(version)) {
                sql.run(statement);
            }
        }
    }

    /** The version of its tables, 0 if it has none, unless they are others' or of a newer version. */
    private int checkVersion(Statements sql) throws SQLException {
        List<String> tables =
                sql.query("select name from sqlite_schema where type = 'table'", none -> {}, row -> row.getString(1));
        if (tables.isEmpty()) {
            return 0;
        }
        if (!tables.contains(VERSIONS)) {
            throw new StoreException("store " + name + " cannot be opened: it is a database of something else, with the"
                    + " table " + tables.get(0) + "; open another file");
        }
        int version = sql.queryOne(
                        "select coalesce(max(version), 0) from " + VERSIONS, none -> {}, row -> row.getInt(1))
                .orElseThrow();
        if (version > SCHEMA.latest()) {
            throw new StoreException("store " + name + " has version " + version + " of its tables, but this library"
                    + " knows versions up to " + SCHEMA.latest() + "; use a newer jobqueue-store-jdbc, or open another"
                    + " file");
        }
        return version;
    }

    /** A new connection to it. */
    Connection connect() throws SQLException {
        return connect("");
    }

    private Connection connect(String options) throws SQLException {
        return JDBC.createConnection("jdbc:sqlite:file:" + path.toUri().getRawPath() + options, new Properties());
    }
}
