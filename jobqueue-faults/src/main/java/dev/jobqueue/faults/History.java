package dev.jobqueue.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the ledger says, as far as it was read. For one thread. */
final class History implements AutoCloseable {
    private final RandomAccessFile file;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, List<Entry>> begun = new HashMap<>();
    private final Set<Run> returned = new HashSet<>();
    private final Set<Run> settled = new HashSet<>();
    private final Map<Run, Entry> unreturned = new LinkedHashMap<>();
    private String rest = "";

    /** One attempt of a job. */
    record Run(String job, int attempt) {
        static Run of(Entry entry) {
            return new Run(entry.job(), entry.attempt());
        }
    }

    History(Path ledger) throws IOException {
        file = new RandomAccessFile(ledger.toFile(), "r");
    }

    /** Reads on to the end. */
    void update() throws IOException {
        byte[] more = new byte[Math.toIntExact(file.length() - file.getFilePointer())];
        file.readFully(more);
        String text = rest + new String(more, US_ASCII);
        int end = text.lastIndexOf('\n') + 1;
        rest = text.substring(end);
        text.substring(0, end).lines().map(Entry::parse).forEach(this::add);
    }

    private void add(Entry entry) {
        entries.add(entry);
        switch (entry.kind()) {
            case BEGAN -> {
                begun.computeIfAbsent(entry.job(), job -> new ArrayList<>()).add(entry);
                unreturned.put(Run.of(entry), entry);
            }
            case RETURNED -> {
                returned.add(Run.of(entry));
                unreturned.remove(Run.of(entry));
            }
            case REFUSED, UNKNOWN -> settled.add(Run.of(entry));
            case ACCEPTED, BUILDING, RUNNING, EXPIRED, HEALTHY, TROUBLED, CLOSED -> {}
        }
    }

    Stream<Entry> of(Entry.Kind kind) {
        return entries.stream().filter(entry -> entry.kind() == kind);
    }

    /** What this process said of this kind. */
    Stream<Entry> of(Entry.Kind kind, String who) {
        return of(kind).filter(entry -> entry.who().equals(who));
    }

    /** How often a job was begun, in order. */
    List<Entry> begun(String job) {
        return begun.getOrDefault(job, List.of());
    }

    /** When this job was begun at a later attempt. */
    Optional<Entry> begunAfter(Run run) {
        return begun(run.job()).stream()
                .filter(entry -> entry.attempt() > run.attempt())
                .findFirst();
    }

    /** All jobs that were begun. */
    Collection<List<Entry>> begun() {
        return begun.values();
    }

    /** Whether this attempt's handler came to its end. */
    boolean hasReturned(String job, int attempt) {
        return returned.contains(new Run(job, attempt));
    }

    /** How many attempts came to their end. */
    int returns() {
        return returned.size();
    }

    /** Whether this attempt's result came, and was not kept as far as its queue knows. */
    boolean isSettled(Run run) {
        return settled.contains(run);
    }

    /** The attempts that this process has begun, and not ended. */
    List<Entry> unreturned(String who) {
        return unreturned.values().stream()
                .filter(entry -> entry.who().equals(who))
                .toList();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
