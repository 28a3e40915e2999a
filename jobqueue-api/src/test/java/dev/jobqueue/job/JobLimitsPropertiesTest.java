package dev.jobqueue.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JobLimitsPropertiesTest {
    @Property
    void anyErrorBecomesOneThatEveryStoreCanHold(@ForAll("errors") String error) {
        String storable = JobLimits.storableError(error);

        assertTrue(storable.length() <= 4_000);
        assertEquals(storable, JobLimits.checkAttributeValue("error", storable));
        assertEquals(storable, JobLimits.storableError(storable));
    }

    /** Short pieces of everything odd, repeated to lengths around the limit. */
    @Provide
    Arbitrary<String> errors() {
        Arbitrary<String> pieces = Arbitraries.of("e", "\0", "\uD83D", "\uDCE7", "\uD83D\uDCE7", "\u00E9", "\n");
        return pieces.list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(some -> String.join("", some))
                .flatMap(piece -> Arbitraries.integers()
                        .between(0, 4_010)
                        .map(length -> piece.repeat(1 + length / piece.length())));
    }
}
