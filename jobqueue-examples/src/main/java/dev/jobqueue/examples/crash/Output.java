package dev.jobqueue.examples.crash;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The files that a run makes, all in one folder. */
final class Output {
    private static final String STORE = "jobs.db";

    private final Path folder;

    private Output(Path folder) {
        this.folder = folder;
    }

    /** In this folder, which is made if it is not there. */
    static Output in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new Output(folder.toRealPath());
    }

    Path folder() {
        return folder;
    }

    /** The queue's store. */
    Path store() {
        return folder.resolve(STORE);
    }

    /** The names of the files to work on, one a line. */
    Path names() {
        return folder.resolve("files.txt");
    }

    /** What the handlers wrote; see {@link Results}. */
    Path results() {
        return folder.resolve("results.tsv");
    }

    /** What the queue of the first or the second process logged. */
    Path log(int process) {
        return folder.resolve("process-" + process + ".log");
    }

    /**
     * Keeps the folder to this run, until the channel is closed or this process ends.
     *
     * @throws IOException if another run has it
     */
    FileChannel claim() throws IOException {
        FileChannel lock =
                FileChannel.open(folder.resolve("run.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // this process has it; refused as any other
        }
        lock.close();
        throw new IOException("another run is using " + folder + "; wait for its end, or name another output folder");
    }

    /** Deletes what an earlier run left, and nothing else: the folder may be anybody's. */
    void clear() throws IOException {
        for (Path file : List.of(names(), results(), log(1), log(2), store())) {
            Files.deleteIfExists(file);
        }
        for (String suffix : List.of("-wal", "-shm", ".lock")) {
            Files.deleteIfExists(folder.resolve(STORE + suffix));
        }
    }
}
