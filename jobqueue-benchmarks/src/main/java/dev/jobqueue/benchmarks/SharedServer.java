package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server of a whole run, which starts when a line wants it. Of one thread. */
final class SharedServer implements AutoCloseable {
    private @Nullable PostgresServer server;

    PostgresServer started() throws IOException {
        if (server == null) {
            Path folder = Files.createDirectories(Path.of("target", "benchmarks"));
            server = PostgresServer.start(
                    Files.createTempDirectory(folder, "server").toAbsolutePath());
        }
        return server;
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
