package dev.jobqueue.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where handlers and submitters write what they do: one file for all processes, which only ever grows. Each entry is one
 * write at the file's end, so that entries don't mix, and stand in the order in which they were made. Thread-safe.
 *
 * <p>What a killed process wrote the system still has, so nothing here waits for the disk.
 */
final class Ledger implements AutoCloseable {
    private final FileOutputStream file;
    private final String who;

    private Ledger(FileOutputStream file, String who) {
        this.file = file;
        this.who = who;
    }

    static Ledger appendTo(Path path, String who) throws IOException {
        return new Ledger(new FileOutputStream(path.toFile(), true), who);
    }

    void write(Entry.Kind kind) throws IOException {
        write(kind, Entry.NONE, 0);
    }

    void write(Entry.Kind kind, String job, int attempt) throws IOException {
        file.write((Entry.now(kind, who, job, attempt) + "\n").getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
