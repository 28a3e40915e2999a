package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The handlers' effect: a file that grows by one line an attempt, {@code attempt, size, lines, sha256, name}, between
 * tabs. A job that ran twice has two lines. Thread-safe.
 *
 * <p>What a killed process wrote the system still has, so nothing here waits for the disk. A handler whose effect must
 * outlive a loss of power waits for it before it returns.
 */
final class Results implements AutoCloseable {
    private static final int COLUMNS = 5;

    private final FileOutputStream file;

    private Results(FileOutputStream file) {
        this.file = file;
    }

    /**
     * A line of the file.
     *
     * @param attempt of the job that wrote it
     * @param checksum what it found
     */
    record Line(int attempt, Checksum checksum) {}

    /** Goes on at the file's end, on a line of its own: the last one may have been cut short by a kill. */
    static Results appendTo(Path path) throws IOException {
        boolean cut = false;
        if (Files.exists(path) && Files.size(path) > 0) {
            try (RandomAccessFile before = new RandomAccessFile(path.toFile(), "r")) {
                before.seek(before.length() - 1);
                cut = before.read() != '\n';
            }
        }
        Results results = new Results(new FileOutputStream(path.toFile(), true));
        if (cut) {
            results.write("\n");
        }
        return results;
    }

    void append(String name, int attempt, Checksum found) throws IOException {
        write("%d\t%d\t%d\t%s\t%s\n".formatted(attempt, found.size(), found.lines(), found.sha256(), name));
    }

    private synchronized void write(String text) throws IOException {
        file.write(text.getBytes(US_ASCII)); // in one call, so lines don't mix
    }

    /** All whole lines, by name. One that was cut short says nothing: its job was not done, and ran again. */
    static Map<String, List<Line>> read(Path path) throws IOException {
        Map<String, List<Line>> lines = new TreeMap<>();
        if (Files.exists(path)) {
            for (String line : Files.readAllLines(path, US_ASCII)) {
                String[] columns = line.split("\t", -1);
                if (columns.length == COLUMNS) {
                    Checksum found = new Checksum(Long.parseLong(columns[1]), Long.parseLong(columns[2]), columns[3]);
                    lines.computeIfAbsent(columns[4], name -> new ArrayList<>())
                            .add(new Line(Integer.parseInt(columns[0]), found));
                }
            }
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
