package dev.jobqueue.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static Samples oneTo(int last) {
        Samples samples = new Samples();
        IntStream.rangeClosed(1, last).forEach(samples::add);
        return samples;
    }

    @Test
    void percentileIsWhatSoManyDoNotExceed() {
        assertEquals(99, oneTo(100).percentile(99));
        assertEquals(198, oneTo(200).percentile(99));
    }

    @Test
    void percentileOfFewIsTheLargest() {
        assertEquals(8, oneTo(8).percentile(99));
        assertEquals(1, oneTo(1).percentile(99));
    }
}
