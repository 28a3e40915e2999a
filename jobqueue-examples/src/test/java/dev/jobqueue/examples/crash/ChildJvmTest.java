package dev.jobqueue.examples.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // each JVM may take its time to start on a busy machine
class ChildJvmTest {
    private static final Pattern WORKS = Pattern.compile("process (\\d+) submits and works");

    @TempDir
    Path dir;

    /** SIGKILL leaves the parent no time for anything: the child has to see for itself. */
    @Test
    void endsWithItsParent() throws Exception {
        // given
        Path folder = Files.createDirectory(dir.resolve("folder"));
        Files.writeString(folder.resolve("file"), "content");
        List<String> arguments =
                List.of(folder.toString(), dir.resolve("output").toString());
        try (ChildJvm parent = ChildJvm.start(HoldsItsChild.class, arguments, dir.resolve("parent.log"))) {
            ProcessHandle child = ProcessHandle.of(childOf(parent)).orElseThrow();
            assertTrue(child.isAlive());
            // when
            parent.kill();
            // then
            child.onExit().get(100, TimeUnit.SECONDS);
            assertFalse(child.isAlive());
        }
    }

    private static long childOf(ChildJvm parent) throws Exception {
        for (Optional<String> line = parent.nextLine(); line.isPresent(); line = parent.nextLine()) {
            Matcher works = WORKS.matcher(line.get());
            if (works.matches()) {
                return Long.parseLong(works.group(1));
            }
        }
        throw new AssertionError("the parent ended without a child");
    }

    @Test
    void tellsOfAnEndThatIsNoSuccess() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChecksumProcess.class, List.of("begin"), dir.resolve("log"))) {
            assertEquals(Optional.empty(), child.nextLine());
            IOException failed = assertThrows(IOException.class, child::awaitSuccess);
            assertTrue(failed.getMessage().contains("ended with status 1; its log is " + dir.resolve("log")));
        }
    }

    /** A parent that starts a child which works, says so, and leaves it there. */
    static final class HoldsItsChild {
        private HoldsItsChild() {}

        public static void main(String[] args) throws Exception {
            Folder folder = Folder.at(Path.of(args[0]));
            Output output = Output.in(Path.of(args[1]));
            Files.write(output.names(), List.of("file"));
            List<String> arguments = List.of(
                    "begin",
                    folder.root().toUri().toString(),
                    output.folder().toUri().toString());
            try (ChildJvm child = ChildJvm.start(ChecksumProcess.class, arguments, output.log(1))) {
                Optional<String> line = child.nextLine();
                while (!line.equals(
                        Optional.of(Message.of(Message.Kind.IN_MID_WORK).toString()))) {
                    line = child.nextLine();
                }
                System.out.println("process " + child.pid() + " submits and works");
                child.nextLine();
            }
        }
    }
}
