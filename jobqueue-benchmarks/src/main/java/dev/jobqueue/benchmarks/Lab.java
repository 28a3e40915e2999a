package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a line is measured: a folder of its own, how large, and where it says how far it is. */
final class Lab implements AutoCloseable {
    private final Path folder;
    private final boolean smoke;
    private final PrintStream progress;
    private final SharedServer server;
    private int places;

    /** Where a contestant keeps its jobs. */
    enum Home {
        MEMORY,
        FILE,
        POSTGRES
    }

    Lab(boolean smoke, PrintStream progress, SharedServer server) throws IOException {
        this.folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "benchmarks")), "line");
        this.smoke = smoke;
        this.progress = progress;
        this.server = server;
    }

    /** The one for a measurement, the other for a run that only shows that all works. */
    int size(int measured, int smoked) {
        return smoke ? smoked : measured;
    }

    /** Options of the JVMs in which contestants run. */
    List<String> jvm() {
        String warnings = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";
        return smoke ? List.of(warnings, "-XX:TieredStopAtLevel=1") : List.of(warnings, "-Xms2g", "-Xmx2g");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** A place where nothing is. */
    Place newPlace(Home home) throws IOException {
        places++;
        return switch (home) {
            case MEMORY -> Place.memory();
            case FILE -> new Place("", file("jobs" + places + ".db").toString());
            case POSTGRES -> server.started().newPlace();
        };
    }

    /** Removes a place, and the one beside it. */
    void leave(Place place, Home home) throws IOException {
        switch (home) {
            case MEMORY -> {}
            case FILE -> {} // with the folder
            case POSTGRES -> server.started().drop(place);
        }
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
