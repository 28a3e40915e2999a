package dev.jobqueue.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.jobqueue.core.simulation.Mutants.Mutant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the simulation catches: one fault of each part, each found within a few seeds. All of them:
 * {@code jobqueue-faults/run simulation --mutants}.
 */
class MutantsTest {
    private static final Set<String> SOME = Set.of(
            "the store takes a result whatever stands there",
            "the store lets an ended node claim",
            "a node ends who is silent at once",
            "a node recovers what is no orphan",
            "a node takes a lost claim for not done",
            "a node takes a failure for a stop",
            "a node wakes nobody to write a result",
            "a node does not leave");

    static Stream<Mutant> some() {
        return Mutants.ALL.stream().filter(mutant -> SOME.contains(mutant.wrong()));
    }

    @Test
    void areNamedOnce() {
        assertEquals(
                Mutants.ALL.size(),
                Mutants.ALL.stream().map(Mutant::wrong).distinct().count());
        assertEquals(SOME.size(), some().count());
    }

    @ParameterizedTest
    @MethodSource("some")
    void areCaught(Mutant mutant) {
        assertNotEquals("", Mutants.caught(mutant, 200), mutant + " was not caught");
    }
}
