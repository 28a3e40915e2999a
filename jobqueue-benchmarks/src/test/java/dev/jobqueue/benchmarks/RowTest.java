package dev.jobqueue.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {
    private static Samples samples(double... values) {
        Samples samples = new Samples();
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }

    @Test
    void showsMedianAndExtremesOfItsRounds() {
        // given
        Row row = Row.of("line", "system", "ms", samples(40, 10, 20, 31));
        // then
        assertEquals(List.of("line", "system", "ms", "25.5", "10", "40", "4", "", "", ""), row.cells());
    }

    @Test
    void keepsARatioThatIsReachedExactly() {
        // given
        Row row = Row.of("line", "system", "ms", samples(13)).withRatioAtMost(1.3, samples(10));
        // then
        assertFalse(row.isMissed());
        assertEquals(List.of("1.30", "ratio <= 1.3", "yes"), row.cells().subList(7, 10));
    }

    @Test
    void missesARatioByTheMediansAlone() {
        // given
        Row row = Row.of("line", "system", "ms", samples(1, 14, 90)).withRatioAtMost(1.3, samples(1, 10, 90));
        // then
        assertTrue(row.isMissed());
        assertEquals("no", row.cells().get(9));
    }

    @Test
    void keepsALeastRatioThatIsReachedExactly() {
        // given
        Row row = Row.of("line", "system", "jobs/s", samples(95)).withRatioAtLeast(0.95, samples(100));
        // then
        assertFalse(row.isMissed());
        assertEquals(List.of("0.95", "ratio >= 0.95", "yes"), row.cells().subList(7, 10));
    }

    @Test
    void missesALeastRatio() {
        assertTrue(Row.of("line", "system", "jobs/s", samples(94))
                .withRatioAtLeast(0.95, samples(100))
                .isMissed());
    }

    @Test
    void comparesWithoutAPromise() {
        // given
        Row row = Row.of("line", "system", "jobs/s", samples(50)).withRatio(samples(100));
        // then
        assertEquals(List.of("0.50", "", ""), row.cells().subList(7, 10));
    }

    @Test
    void missesAMaximumByOneRound() {
        assertTrue(Row.of("line", "system", "MiB", samples(1, 65, 1))
                .withMaxAtMost(64)
                .isMissed());
    }

    @Test
    void promisesNothingAtATinySize() {
        // given
        Row row = Row.of("line", "system", "ms", samples(101)).withMedianAtMost(100);
        // then
        assertTrue(row.isMissed());
        assertFalse(row.withoutTarget().isMissed());
    }
}
