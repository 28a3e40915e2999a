package dev.jobqueue.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.jobqueue.core.simulation.Simulation.Outcome;
import org.junit.jupiter.api.Test;

/** A short run; the long one is {@code jobqueue-faults/run simulation}. */
class SimulationTest {
    private static final int SEEDS = 2_000;

    private final Simulation simulation = new Simulation();

    @Test
    void keepsItsPromisesWhateverTheSeed() throws InterruptedException {
        for (long seed = 0; seed < SEEDS; seed++) {
            if (simulation.run(seed).failed()) {
                Outcome outcome = simulation.trace(seed);
                fail("seed " + seed + "\n" + String.join("\n", outcome.lines()), outcome.failure());
            }
        }
    }

    @Test
    void doesTheSameAgainForTheSameSeed() throws InterruptedException {
        for (long seed = 0; seed < 20; seed++) {
            // when
            Outcome first = simulation.trace(seed);
            Outcome second = new Simulation().trace(seed);
            // then
            assertEquals(String.join("\n", first.lines()), String.join("\n", second.lines()));
            assertEquals(first.digest(), simulation.run(seed).digest());
        }
    }

    @Test
    void doesOtherThingsForAnotherSeed() throws InterruptedException {
        assertNotEquals(simulation.run(1).digest(), simulation.run(2).digest());
    }
}
