package dev.jobqueue.store.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MergePropertiesTest {
    @Property
    void walksAllSourcesInOrder(@ForAll List<List<Integer>> sources) {
        List<Iterator<Integer>> walks = new ArrayList<>();
        sources.forEach(source -> walks.add(source.stream().sorted().iterator()));

        List<Integer> merged = new ArrayList<>();
        Merge.of(walks, Comparator.<Integer>naturalOrder()).forEachRemaining(merged::add);

        assertEquals(sources.stream().flatMap(List::stream).sorted().toList(), merged);
    }
}
