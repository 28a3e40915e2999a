package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where a line is measured: a folder of its own, how large, and where it says how far it is. */
final class Lab implements AutoCloseable {
    private final Path folder;
    private final boolean smoke;
    private final PrintStream progress;

    Lab(boolean smoke, PrintStream progress) throws IOException {
        this.folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "benchmarks")), "line");
        this.smoke = smoke;
        this.progress = progress;
    }

    /** The one for a measurement, the other for a run that only shows that all works. */
    int size(int measured, int smoked) {
        return smoke ? smoked : measured;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Copies a file, and waits until the disk has it: or the writing would go on under what is measured. */
    Path copy(Path from, String name) throws IOException {
        Path copy = Files.copy(from, file(name), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        return copy;
    }

    void say(String text) {
        progress.println("  " + text);
    }

    /** Removes the folder. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
