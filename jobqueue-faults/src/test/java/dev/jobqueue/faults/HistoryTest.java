package dev.jobqueue.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @TempDir
    Path folder;

    @Test
    void readsOnWhereItStopped() throws Exception {
        // given
        Path file = folder.resolve("ledger");
        try (Ledger ledger = Ledger.appendTo(file, "a.1");
                History history = new History(file)) {
            ledger.write(Entry.Kind.BEGAN, "job", 1);
            history.update();
            assertEquals(1, history.unreturned("a.1").size());
            // when
            ledger.write(Entry.Kind.RETURNED, "job", 1);
            history.update();
            // then
            assertTrue(history.hasReturned("job", 1));
            assertEquals(List.of(), history.unreturned("a.1"));
        }
    }

    @Test
    void waitsForTheRestOfALine() throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("ledger"), "17 BEGAN a.1 jo");
        try (History history = new History(file)) {
            history.update();
            assertEquals(List.of(), history.begun("job"));
            // when
            Files.write(file, "b 2\n".getBytes(US_ASCII), StandardOpenOption.APPEND);
            history.update();
            // then
            assertEquals(List.of(new Entry(17, Entry.Kind.BEGAN, "a.1", "job", 2)), history.begun("job"));
        }
    }

    @Test
    void tellsALaterAttemptFromTheSame() throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("ledger"), "1 BEGAN a.1 job 1\n2 BEGAN b.2 job 2\n");
        try (History history = new History(file)) {
            // when
            history.update();
            // then
            assertEquals(
                    2,
                    history.begunAfter(new History.Run("job", 1)).orElseThrow().micros());
            assertFalse(history.begunAfter(new History.Run("job", 2)).isPresent());
        }
    }
}
