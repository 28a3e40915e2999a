package dev.jobqueue.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ShelfPropertiesTest {
    private final Kind kind = new Kind("default", "email");

    /** Each number puts its job on the shelf, or takes it away if it is there. */
    @Property
    void holdsWhatCameAndDidNotGoInTheOrderOfInserts(
            @ForAll @Size(max = 300) List<@LongRange(min = 1, max = 200) Long> comingsAndGoings,
            @ForAll @LongRange(min = 0, max = 201) long after) {
        Shelf shelf = new Shelf();
        Map<Long, StoredJob> jobs = new HashMap<>();
        TreeSet<Long> there = new TreeSet<>();
        for (long sequence : comingsAndGoings) {
            StoredJob job =
                    jobs.computeIfAbsent(sequence, number -> new StoredJob(number, kind, TestJobs.stored(number)));
            if (there.add(sequence)) {
                shelf.add(job);
            } else {
                there.remove(sequence);
                shelf.remove(job);
            }
        }

        List<Long> walked = new ArrayList<>();
        shelf.after(after).forEachRemaining(job -> walked.add(job.sequence()));
        assertEquals(List.copyOf(there.tailSet(after, false)), walked);
        List<Long> backwards = new ArrayList<>();
        shelf.latestFirst(job -> backwards.add(job.sequence()));
        assertEquals(List.copyOf(there.descendingSet()), backwards);
        assertEquals(there.isEmpty(), shelf.isEmpty());
    }
}
