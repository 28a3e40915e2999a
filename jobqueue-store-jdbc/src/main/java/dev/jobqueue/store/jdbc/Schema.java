package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables of a store, made by versioned SQL files that are shipped beside this class, and named as Flyway names
 * them. Each writes its version into a table, so that it does not matter who runs it.
 */
final class Schema {
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

    /** Where the file that makes this version is on the class path. */
    String path(int version) {
        return Schema.class.getPackageName().replace('.', '/') + "/" + folder + "/" + scripts.get(version - 1);
    }

    /** What the file that makes this version says. */
    String script(int version) {
        String file = folder + "/" + scripts.get(version - 1);
        try (InputStream content = Schema.class.getResourceAsStream(file)) {
            if (content == null) {
                throw new IllegalStateException("jobqueue-store-jdbc lacks its file " + file);
            }
            return new String(content.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The statements of that file. Ours have no semicolon but at a statement's end, and {@code --} only before comments. */
    List<String> statements(int version) {
        List<String> statements = new ArrayList<>();
        for (String part : script(version).replaceAll("--[^\n]*", "").split(";", -1)) {
            if (!part.isBlank()) {
                statements.add(part.strip());
            }
        }
        return statements;
    }
}
