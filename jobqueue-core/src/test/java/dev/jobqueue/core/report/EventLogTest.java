package dev.jobqueue.core.report;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.jobqueue.core.report.EventLog.Line;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.ListenerFailed;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.RecoveryCompleted;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class EventLogTest {
    /** Where the tests' simplelogger.properties has the lines go. */
    private static final Path FILE = Path.of("target", "engine.log");

    private static final Path REFERENCE = Path.of("..", "docs", "reference", "events.md");

    static final List<JobQueueEvent> EVENTS = SampleEvents.ALL;

    private static Line<?> line(JobQueueEvent event) {
        return EventLog.lines().get(event.getClass());
    }

    private static <E extends JobQueueEvent> List<?> values(Line<E> line, JobQueueEvent event) {
        return line.values().apply(line.event().cast(event));
    }

    @Test
    void hasALineForEveryEvent() {
        // given
        Set<String> events = new ClassFileImporter()
                        .importUrl(JobQueueEvent.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation())
                        .stream()
                        .filter(type -> type.isAssignableTo(JobQueueEvent.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(type -> type.getName())
                        .collect(toSet());
        // then
        assertEquals(
                events, EventLog.lines().keySet().stream().map(Class::getName).collect(toSet()));
        assertEquals(
                events, EVENTS.stream().map(event -> event.getClass().getName()).collect(toSet()));
    }

    @ParameterizedTest
    @FieldSource("EVENTS")
    void hasAValueForEachKey(JobQueueEvent event) {
        assertEquals(line(event).keys().size(), values(line(event), event).size());
    }

    @ParameterizedTest
    @FieldSource("EVENTS")
    void isNamedAsItsRecordIs(JobQueueEvent event) {
        String words = event.getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "_$1");
        assertEquals(words.toLowerCase(Locale.ROOT), line(event).name());
    }

    @ParameterizedTest
    @FieldSource("EVENTS")
    void hasKeysInSnakeCaseEachOnce(JobQueueEvent event) {
        List<String> keys = line(event).keys();
        assertTrue(keys.stream().allMatch(key -> key.matches("[a-z]+(_[a-z]+)*")), keys::toString);
        assertEquals(keys.size(), new HashSet<>(keys).size(), keys::toString);
    }

    /** A number of milliseconds says so in its key; a Duration or a payload is never written as it is. */
    @ParameterizedTest
    @FieldSource("EVENTS")
    void namesTheUnitOfEachTime(JobQueueEvent event) {
        List<String> keys = line(event).keys();
        List<?> values = values(line(event), event);
        for (int i = 0; i < keys.size(); i++) {
            Object value = values.get(i);
            assertFalse(value instanceof Duration || value instanceof byte[], keys.get(i));
            assertEquals(
                    value.equals(SampleEvents.SECOND.toMillis()), keys.get(i).endsWith("_ms"), keys.get(i));
            assertEquals(
                    value instanceof Instant,
                    keys.get(i).endsWith("_at") && !keys.get(i).equals("stands_at"));
        }
    }

    private static String written(JobQueueEvent event) throws IOException {
        new EventLog().write(event);
        return Files.readString(FILE);
    }

    @Test
    void writesEveryKeyIntoTheMessage() throws Exception {
        // given
        String node = "node-" + System.nanoTime();
        Node written = Node.of(node, new UUID(3, 4));
        // when
        String log = written(new QueueStopped(written, 1, 2, SampleEvents.SECOND));
        // then
        assertTrue(
                log.contains("INFO dev.jobqueue - event=queue_stopped node=" + written
                        + " released=1 unfinished=2 took_ms=1234\n"),
                log);
    }

    @Test
    void writesTheReportAsItsCounts() throws Exception {
        assertTrue(written(new RecoveryCompleted(SampleEvents.REPORT))
                .contains("event=recovery_completed found=11 recovered=7 quarantined=1 failed=3 pending=40"
                        + " delivered=10 deferred=30 took_ms=1234\n"));
    }

    @Test
    void writesTheFirstLineOfAnError() throws Exception {
        // given
        String type = "type-" + System.nanoTime();
        // when
        String log = written(new JobFailed(SampleEvents.ID, type, 1, 5, "why\n\tat somewhere"));
        // then
        assertTrue(log.contains("type=" + type + " attempt=1 failures=5 error=why\n"), log);
    }

    @Test
    void writesACauseAsTextAndAtErrorWithItsStackTrace() throws Exception {
        // given
        Throwable cause = new IllegalStateException("cause-" + System.nanoTime());
        // when
        String warning = written(new StoreUnavailable("dispatch", cause));
        // then
        String line = "event=store_unavailable duty=dispatch cause=" + cause + "\n";
        assertTrue(warning.contains(line), warning);
        assertFalse(warning.contains(line + cause), warning);
        // when
        String error = written(new ListenerFailed("Listener", cause));
        // then
        assertTrue(error.contains("event=listener_failed listener=Listener cause=" + cause + "\n" + cause + "\n\tat "));
    }

    @Test
    void namesTheClassOfACauseThatCannotBePrinted() throws Exception {
        // given
        Throwable cause = new Unprintable();
        // when
        String log = written(new ListenerFailed("Listener", cause));
        // then
        assertTrue(log.contains("cause=" + Unprintable.class.getName() + "\n"), log);
    }

    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("unprintable");
        }
    }

    /** A row of the reference. */
    private record Row(String name, String record, String level, List<String> keys) {
        static Row of(String line) {
            String[] cells = line.substring(1).split("\\|");
            List<String> keys = List.of(cells[3].strip().replace("`", "").split(", "));
            return new Row(plain(cells[0]), plain(cells[1]), plain(cells[2]), keys);
        }

        private static String plain(String cell) {
            return cell.strip().replace("`", "");
        }
    }

    @Test
    void isWhatTheReferenceSays() throws Exception {
        // given
        Map<String, Row> rows;
        try (var lines = Files.lines(REFERENCE)) {
            rows = lines.filter(line -> line.startsWith("| `")).map(Row::of).collect(toMap(Row::name, row -> row));
        }
        // then
        Map<String, Row> code = EventLog.lines().values().stream()
                .map(line -> new Row(
                        line.name(), line.event().getSimpleName(), line.level().name(), line.keys()))
                .collect(toMap(Row::name, row -> row));
        assertEquals(code, rows);
    }

    @Test
    void saysInTheReferenceWhenEachHappensAndWhatToDo() throws Exception {
        try (var lines = Files.lines(REFERENCE)) {
            List<String> incomplete = lines.filter(line -> line.startsWith("| `"))
                    .filter(line -> line.split("\\|").length != 7)
                    .toList();
            assertEquals(List.of(), incomplete);
        }
    }
}
