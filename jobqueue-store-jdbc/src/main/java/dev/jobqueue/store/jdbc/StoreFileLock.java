package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jobqueue.store.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store's file to one open store. The lock is the operating system's, on a file of its own beside the store's
 * ({@code jobs.db.lock}, which stays there), so it dies with its process.
 *
 * <p>On POSIX systems it does not bar its own process; and whenever a process closes any handle of a locked file, its
 * lock is gone. So a second open of this process must be found out before it touches the lock file: a system property
 * says which files the process has open, whatever class loader opened them. It goes when the store is closed.
 */
final class StoreFileLock implements AutoCloseable {
    private static final String OPEN = "dev.jobqueue.store.open.";

    /** Locked is a byte beyond the content: elsewhere than on POSIX nobody else could read what is locked. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final String property;
    private final RandomAccessFile file;

    private StoreFileLock(String property, RandomAccessFile file) {
        this.property = property;
        this.file = file;
    }

    /**
     * Takes the lock, or fails at once and leaves nothing behind.
     *
     * @throws StoreException if the store is open already, and says where
     */
    @SuppressWarnings("resource") // what was opened is closed, or belongs to the lock
    static StoreFileLock take(SqliteFile store) {
        String property = OPEN + store.path();
        if (System.getProperties().putIfAbsent(property, own()) != null) {
            throw inUse(store, own());
        }
        boolean interrupted = Thread.interrupted(); // an interrupt would close the file
        RandomAccessFile file = null;
        boolean taken = false;
        try {
            file = new RandomAccessFile(lockFile(store.path()).toFile(), "rw");
            FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw inUse(store, holder(file));
            }
            file.setLength(0);
            file.write(own().getBytes(US_ASCII));
            taken = true;
            return new StoreFileLock(property, file);
        } catch (OverlappingFileLockException e) {
            throw inUse(store, own());
        } catch (IOException e) {
            throw new StoreException(
                    "store " + store.name() + " cannot be opened: " + lockFile(store.path())
                            + " cannot be written and locked (" + e.getMessage() + "); see that its folder is writable",
                    e);
        } finally {
            if (!taken) {
                release(property, file);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static Path lockFile(Path store) {
        return store.resolveSibling(store.getFileName() + ".lock");
    }

    private static String own() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /** The process that wrote itself into the lock file; it may just be about to. */
    private static String holder(RandomAccessFile file) throws IOException {
        byte[] content = new byte[20];
        int length = file.read(content);
        return length <= 0 ? "that is just opening it" : new String(content, 0, length, US_ASCII);
    }

    private static StoreException inUse(SqliteFile store, String process) {
        boolean here = process.equals(own());
        return new StoreException("store " + store.name() + " is in use by process " + process
                + (here
                        ? ", which is this one; close the store that has it open, or open another file"
                        : "; close that process, or open another file"));
    }

    @Override
    public void close() {
        release(property, file);
    }

    private static void release(String property, @Nullable RandomAccessFile file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new StoreException("a lock file could not be closed: " + e, e);
        } finally {
            System.getProperties().remove(property);
        }
    }
}
