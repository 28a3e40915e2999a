package dev.jobqueue.core.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.RealPlatform;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {
    private final RealPlatform platform = new RealPlatform(InstantSource.system(), false);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final DeliveryQueue<Integer> queue = new DeliveryQueue<>(platform, 3);

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }

    @Test
    void takesAsMuchAsItsCapacityAndNoMore() {
        // when
        List<Boolean> taken = IntStream.range(0, 4).mapToObj(queue::offer).toList();
        // then
        assertEquals(List.of(true, true, true, false), taken);
        assertEquals(3, queue.size());
    }

    @Test
    void handsOnInOrder() {
        // given
        queue.offer(1);
        queue.offer(2);
        // then
        assertEquals(Optional.of(1), queue.take());
        assertEquals(Optional.of(2), queue.take());
    }

    @Test
    void returnsWhatNobodyTookWhenClosed() {
        // given
        queue.offer(1);
        queue.offer(2);
        // when
        List<Integer> left = queue.close();
        // then
        assertEquals(List.of(1, 2), left);
        assertEquals(Optional.empty(), queue.take());
        assertFalse(queue.offer(3));
        assertEquals(List.of(), queue.close());
    }

    @Test
    void sendsAwayAllWhoWaitWhenClosed() throws Exception {
        // given
        Callable<Optional<Integer>> take = queue::take;
        List<Future<Optional<Integer>>> waiting = List.of(threads.submit(take), threads.submit(take));
        // when
        queue.close();
        // then
        for (Future<Optional<Integer>> each : waiting) {
            assertEquals(Optional.empty(), each.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void outlastsAnInterruptThatWasMeantForAHandler() throws Exception {
        // given
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<Optional<Integer>> taken = threads.submit(() -> {
            Thread.currentThread().interrupt();
            interrupted.countDown();
            return queue.take();
        });
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
        // when
        queue.offer(7);
        // then
        assertEquals(Optional.of(7), taken.get(10, TimeUnit.SECONDS));
    }

    @Test
    void handsEachItemToOneTaker() throws Exception {
        // given
        int items = 2_000;
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        List<Future<Integer>> takers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            takers.add(threads.submit(() -> {
                int count = 0;
                for (Optional<Integer> next = queue.take(); next.isPresent(); next = queue.take()) {
                    assertTrue(seen.add(next.get()), "twice");
                    count++;
                }
                return count;
            }));
        }
        // when
        for (int item = 0; item < items; ) {
            if (queue.offer(item)) {
                item++;
            } else {
                Thread.yield();
            }
        }
        while (queue.size() > 0) {
            Thread.yield();
        }
        queue.close();
        // then
        int taken = 0;
        for (Future<Integer> taker : takers) {
            taken += taker.get(10, TimeUnit.SECONDS);
        }
        assertEquals(items, taken);
    }
}
