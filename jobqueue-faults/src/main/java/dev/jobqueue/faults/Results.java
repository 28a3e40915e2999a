package dev.jobqueue.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All rows, as a table for people and as CSV. */
final class Results {
    private final List<Row> rows = new ArrayList<>();

    void add(List<Row> more) {
        rows.addAll(more);
    }

    boolean allOk() {
        return rows.stream().allMatch(Row::ok);
    }

    /** No cell has a comma or a quote: nothing is quoted. */
    void writeCsv(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines().stream().map(cells -> String.join(",", cells)).toList());
    }

    String table() {
        List<Integer> widths = new ArrayList<>(Collections.nCopies(Row.HEADER.size(), 0));
        for (List<String> cells : lines()) {
            for (int i = 0; i < cells.size(); i++) {
                widths.set(i, Math.max(widths.get(i), cells.get(i).length()));
            }
        }
        StringBuilder table = new StringBuilder();
        for (List<String> cells : lines()) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                line.append(cells.get(i))
                        .append(" ".repeat(2 + widths.get(i) - cells.get(i).length()));
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private List<List<String>> lines() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(Row.HEADER);
        rows.forEach(row -> lines.add(row.cells()));
        return lines;
    }
}
