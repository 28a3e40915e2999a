package dev.jobqueue.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/states.md says what the enums say. */
class StatesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "states.md");

    private record Edge(String transition, String from, String to) {}

    private final String statuses = section("Statuses");
    private final String transitions = section("Transitions");

    @Test
    void listsEveryTransitionInItsTable() {
        List<String> rows = Stream.of(Transition.values())
                .map(each -> each + ": " + each.from().stream().map(Enum::name).collect(Collectors.joining(" or "))
                        + " to " + each.to())
                .toList();

        assertEquals(
                rows,
                found("\\| (\\w+) \\| ([A-Z]\\w+(?: or \\w+)*) \\| (\\w+) \\| \\S.* \\|", transitions)
                        .map(row -> row.group(1) + ": " + row.group(2) + " to " + row.group(3))
                        .toList());
    }

    @Test
    void drawsEveryEdgeInItsDiagram() {
        List<Edge> edges = Stream.of(Transition.values())
                .flatMap(each -> each.from().stream()
                        .map(from ->
                                new Edge(each.name(), from.name(), each.to().name())))
                .toList();

        List<Edge> drawn = found("    (\\w+) --> (\\w+): (.+)", transitions)
                .map(edge -> new Edge(edge.group(3), edge.group(1), edge.group(2)))
                .toList();

        assertEquals(edges.size(), drawn.size());
        assertEquals(Set.copyOf(edges), Set.copyOf(drawn));
    }

    @Test
    void drawsHowJobsComeAndGo() {
        Set<String> ends = Stream.of(JobStatus.values())
                .filter(JobStatus::isFinal)
                .map(each -> each + " to [*] by remove")
                .collect(Collectors.toCollection(TreeSet::new));
        ends.add("[*] to PENDING by insert");

        assertEquals(
                ends,
                found("    (\\S+) --> (\\S+): (.+)", transitions)
                        .filter(edge -> edge.group().contains("[*]"))
                        .map(edge -> edge.group(1) + " to " + edge.group(2) + " by " + edge.group(3))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void listsEveryStatusAndWhetherItIsFinal() {
        List<String> rows = Stream.of(JobStatus.values())
                .map(each -> each + " " + (each.isFinal() ? "yes" : "no"))
                .toList();

        assertEquals(
                rows,
                found("\\| ([A-Z]+) \\| \\S.* \\| (yes|no) \\|", statuses)
                        .map(row -> row.group(1) + " " + row.group(2))
                        .toList());
    }

    private static Stream<MatchResult> found(String line, String section) {
        return Pattern.compile("^" + line + "$", Pattern.MULTILINE)
                .matcher(section)
                .results();
    }

    private static String section(String title) {
        try {
            String page = Files.readString(PAGE);
            String start = "\n## " + title + "\n";
            int from = page.indexOf(start) + start.length();
            return page.substring(from, page.indexOf("\n## ", from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
