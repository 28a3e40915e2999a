package dev.jobqueue.store.jdbc;

import java.io.IOException;
import java.nio.file.Path;

/** Opens a store, says "open" or why not, and waits to be killed. */
final class OpensAndWaits {
    private OpensAndWaits() {}

    public static void main(String[] args) throws IOException {
        try (SqliteJobStore store = SqliteJobStore.open(Path.of(args[0]))) {
            System.out.println("open");
            System.in.read();
        } catch (RuntimeException e) {
            System.out.println(e.getMessage());
        }
    }
}
