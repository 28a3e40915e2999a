package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a store, made by versioned SQL files that are shipped beside this class, and named as Flyway names
 * them. The table {@value #TABLE} says which were run.
 */
final class Schema {
    static final String TABLE = "jobqueue_schema";

    private final String folder;
    private final List<String> scripts;

    /**
     * The schema that these files make.
     *
     * @param folder of the files, seen from this class
     * @param scripts in their order: the first makes version 1
     */
    Schema(String folder, List<String> scripts) {
        this.folder = folder;
        this.scripts = List.copyOf(scripts);
    }

    /** The version that this library knows. */
    int latest() {
        return scripts.size();
    }

    /** The version of a database that has {@value #TABLE}. */
    static int versionOf(Statements sql) throws SQLException {
        return sql.queryOne("select coalesce(max(version), 0) from " + TABLE, none -> {}, row -> row.getInt(1))
                .orElseThrow();
    }

    /** Runs what is missing, in the caller's transaction. */
    void migrate(Statements sql, Instant now) throws SQLException {
        sql.run("create table if not exists " + TABLE
                + " (version integer primary key, script text not null, applied_at bigint not null)");
        for (int version = versionOf(sql) + 1; version <= latest(); version++) {
            String script = scripts.get(version - 1);
            for (String statement : statements(text(script))) {
                sql.run(statement);
            }
            int applied = version;
            sql.update(
                    "insert into " + TABLE + " values (?, ?, ?)",
                    row -> row.number(applied).text(script).number(now.toEpochMilli()));
        }
    }

    private String text(String script) {
        try (InputStream file = Schema.class.getResourceAsStream(folder + "/" + script)) {
            if (file == null) {
                throw new IllegalStateException("jobqueue-store-jdbc lacks its file " + folder + "/" + script);
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script's statements. Our scripts have no semicolon but at a statement's end, and {@code --} only before comments. */
    private static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        for (String part : script.replaceAll("--[^\n]*", "").split(";", -1)) {
            if (!part.isBlank()) {
                statements.add(part.strip());
            }
        }
        return statements;
    }
}
