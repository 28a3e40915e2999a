package dev.jobqueue.examples.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that grows at its end, one line a batch, each on the disk before {@link #append} returns. A line begins
 * with its checksum, so one that the end of the process cut short is known, and counts as never written: a batch is there
 * as a whole, or not at all. Not thread-safe.
 */
final class Journal implements AutoCloseable {
    /** The operating system's lock, below, does not bar the process that holds it, and falls when that opens it again. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final RandomAccessFile lock;
    private @Nullable RandomAccessFile file;
    private boolean failed;

    private Journal(Path path, RandomAccessFile lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens a journal for this process alone; makes an empty file if there is none.
     *
     * @throws StoreException if it is open already, and says where
     */
    static Journal open(Path file) {
        Path path = real(file);
        if (!OPEN.add(path)) {
            throw new StoreException(
                    "journal " + path + " is in use by this process; close the store that has it open");
        }
        boolean taken = false;
        try {
            RandomAccessFile lock = new RandomAccessFile(path + ".lock", "rw");
            if (lock.getChannel().tryLock(Long.MAX_VALUE - 1, 1, false) == null) {
                String holder = lock.readLine();
                lock.close();
                throw new StoreException(
                        "journal " + path + " is in use by process " + holder + "; close that process");
            }
            lock.setLength(0);
            lock.writeBytes(ProcessHandle.current().pid() + "\n");
            taken = true;
            return new Journal(path, lock);
        } catch (IOException e) {
            throw new StoreException("journal " + path + " cannot be opened: " + e, e);
        } finally {
            if (!taken) {
                OPEN.remove(path);
            }
        }
    }

    /** One name for one file, whichever way leads to it. */
    private static Path real(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            return file.toRealPath();
        } catch (IOException e) {
            throw new StoreException("journal " + file + " cannot be opened: " + e, e);
        }
    }

    /**
     * Reads all lines, the oldest first.
     *
     * @throws StoreException if a line is damaged, and not only the last one, which nobody was told of
     */
    void replay(Consumer<String> reader) {
        // not Files.newBufferedReader, which refuses a letter that was cut in two
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(Files.newInputStream(path), UTF_8))) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
                String content = line.length() > 9 ? line.substring(9) : "";
                if (line.equals(sealed(content))) {
                    reader.accept(content);
                } else if (lines.readLine() != null) {
                    throw new StoreException("journal " + path + " is damaged at line " + number);
                }
            }
        } catch (IOException e) {
            throw new StoreException("journal " + path + " cannot be read: " + e, e);
        }
    }

    /** Puts these lines in the place of all that was there, in one step, and is then ready to {@link #append}. */
    void restart(Iterable<String> lines) {
        Path next = path.resolveSibling(path.getFileName() + ".next");
        try {
            Files.deleteIfExists(next);
            file = new RandomAccessFile(next.toFile(), "rw");
            for (String line : lines) {
                file.write((sealed(line) + "\n").getBytes(UTF_8));
            }
            file.getFD().sync();
            Files.move(next, path, ATOMIC_MOVE);
            syncFolder();
        } catch (IOException e) {
            throw new StoreException("journal " + path + " cannot be written: " + e, e);
        }
    }

    /** The new name, too, must survive a loss of power. Windows lets nobody open a folder. */
    private void syncFolder() throws IOException {
        Path folder = path.getParent();
        if (File.separatorChar == '/' && folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Writes a line.
     *
     * @throws OutcomeUnknownException if that failed. What the disk holds now only a replay can tell, so from then on
     *     every call throws {@link StoreException} until the store is opened again
     */
    @SuppressWarnings("resource") // stays open
    void append(String line) {
        RandomAccessFile open = checkOpen();
        try {
            open.write((sealed(line) + "\n").getBytes(UTF_8)); // not through a channel, which an interrupt would close
            open.getFD().sync();
        } catch (IOException e) {
            failed = true;
            throw new OutcomeUnknownException("journal " + path + " could not be written: " + e, e);
        }
    }

    RandomAccessFile checkOpen() {
        if (failed) {
            throw new StoreException("journal " + path + " failed; open the store again, which reads what was written");
        }
        if (file == null) {
            throw new StoreException("journal " + path + " is closed");
        }
        return file;
    }

    private static String sealed(String content) {
        CRC32 checksum = new CRC32();
        checksum.update(content.getBytes(UTF_8));
        return "%08x %s".formatted(checksum.getValue(), content);
    }

    @Override
    public void close() {
        try {
            lock.close();
            if (file != null) {
                file.close();
                file = null;
            }
        } catch (IOException e) {
            throw new StoreException("journal " + path + " cannot be closed: " + e, e);
        } finally {
            OPEN.remove(path);
        }
    }
}
