package dev.jobqueue.examples.crash;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells a person how far it is: on a terminal in one line that changes, elsewhere in plain lines, and then not too many. */
final class Progress {
    private static final Duration BETWEEN_CHANGES = Duration.ofMillis(100);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    private final PrintStream out;
    private final boolean terminal;
    private final Duration pause;
    private int shown;
    private long nextShow = System.nanoTime();

    private Progress(PrintStream out, boolean terminal, Duration pause) {
        this.out = out;
        this.terminal = terminal;
        this.pause = pause;
    }

    /** On a terminal, where what is shown stands for at least so long. */
    static Progress onTerminal(PrintStream out, Duration pause) {
        return new Progress(out, true, pause);
    }

    static Progress inLines(PrintStream out) {
        return new Progress(out, false, BETWEEN_LINES);
    }

    /** Whichever this JVM was started on. */
    static Progress on(PrintStream out) {
        return isTerminal(System.console()) ? onTerminal(out, BETWEEN_CHANGES) : inLines(out);
    }

    /** From Java 22 on there may be a console without a terminal, and {@code isTerminal()} to ask it. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** A line that stays. */
    void say(String line) {
        erase();
        out.println(line);
        out.flush();
        nextShow = System.nanoTime();
    }

    /** How far something is, until something else is shown or said. */
    void show(String what, long done, long of) {
        if (System.nanoTime() - nextShow < 0) {
            return;
        }
        String line = "%s: %d of %d".formatted(what, done, of);
        if (terminal) {
            erase();
            out.print(line);
            out.flush();
            shown = line.length();
        } else {
            say(line);
        }
        nextShow = System.nanoTime() + pause.toNanos();
    }

    private void erase() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }
}
