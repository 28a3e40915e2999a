package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, UTF_8);

    @Test
    void changesOneLineOnATerminal() {
        Progress progress = Progress.onTerminal(out, Duration.ZERO);
        progress.show("done", 10, 10);
        progress.show("done", 9, 10);
        progress.say("end");
        assertEquals(
                "done: 10 of 10\r              \rdone: 9 of 10\r             \rend" + System.lineSeparator(),
                printed.toString(UTF_8));
    }

    @Test
    void printsFewPlainLinesElsewhere() {
        Progress progress = Progress.inLines(out);
        for (int i = 0; i < 100; i++) {
            progress.show("done", i, 100);
        }
        progress.say("end");
        assertEquals(
                "done: 0 of 100", printed.toString(UTF_8).lines().findFirst().orElseThrow());
        assertEquals(-1, printed.toString(UTF_8).indexOf('\r'));
    }
}
