package dev.jobqueue.core.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jobqueue.core.runtime.FakePlatform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DeliveryQueuePropertiesTest {
    enum Step {
        OFFER,
        TAKE,
        CLOSE
    }

    /** One thread, so it never takes from an empty open queue, where it would wait. */
    @Property
    void isABoundedLineUntilClosed(
            @ForAll @IntRange(min = 1, max = 5) int capacity, @ForAll @Size(max = 40) List<Step> steps) {
        // given
        DeliveryQueue<Integer> queue = new DeliveryQueue<>(new FakePlatform(), capacity);
        Deque<Integer> model = new ArrayDeque<>();
        boolean closed = false;
        int item = 0;
        // when
        for (Step step : steps) {
            switch (step) {
                case OFFER -> {
                    boolean fits = !closed && model.size() < capacity;
                    assertEquals(fits, queue.offer(++item));
                    if (fits) {
                        model.add(item);
                    }
                }
                case TAKE -> {
                    if (closed || !model.isEmpty()) {
                        assertEquals(Optional.ofNullable(model.poll()), queue.take());
                    }
                }
                case CLOSE -> {
                    assertEquals(new ArrayList<>(model), queue.close());
                    model.clear();
                    closed = true;
                }
            }
            // then
            assertEquals(model.size(), queue.size());
        }
    }
}
