package dev.jobqueue.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotBlank;

class JobIdPropertiesTest {
    @Property
    void isOrderedAsItsText(@ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
        JobId one = JobId.of(new UUID(high, low));
        JobId other = JobId.of(new UUID(otherHigh, otherLow));
        JobId sameHigh = JobId.of(new UUID(high, otherLow));

        assertEquals(sign(one.toString().compareTo(other.toString())), sign(one.compareTo(other)));
        assertEquals(sign(one.toString().compareTo(sameHigh.toString())), sign(one.compareTo(sameHigh)));
        assertEquals(one.equals(sameHigh), one.compareTo(sameHigh) == 0);
    }

    @Property
    void isReadFromItsText(@ForAll long high, @ForAll long low) {
        JobId id = JobId.of(new UUID(high, low));

        assertEquals(id, JobId.parse(id.toString()));
        assertEquals(id.hashCode(), JobId.parse(id.toString()).hashCode());
        assertEquals(new UUID(high, low), id.value());
    }

    @Property
    void ofANameIsAUuidOfVersion8(@ForAll @NotBlank @Chars({'a', 'z', ' ', '-', '\u00E9'}) String name) {
        JobId id = JobId.of(name);

        assertEquals(8, id.value().version());
        assertEquals(2, id.value().variant());
        assertEquals(id, JobId.of(name));
    }

    private static int sign(int comparison) {
        return Integer.signum(comparison);
    }
}
