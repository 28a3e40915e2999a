package dev.jobqueue.core.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mockConstruction;

import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.event.EventsDropped;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.job.JobId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReporterTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BUFFERED = 10_000;

    private final RealPlatform platform = new RealPlatform(InstantSource.system(), false);
    private final List<JobQueueEvent> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    /** Does not return from its first event until released. */
    private final JobQueueListener slow = event -> {
        entered.countDown();
        await(released);
        told.add(event);
    };

    private Reporter reporter = new Reporter(platform, List.of());

    @AfterEach
    void end() {
        released.countDown();
        reporter.stop(LONG);
    }

    private Reporter reporter(JobQueueListener... listeners) {
        reporter = new Reporter(platform, List.of(listeners));
        return reporter;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Events that a test can tell apart. */
    private static JobQueueEvent event(int number) {
        return new JobCompleted(JobId.of(new UUID(0, number)), "type", 1, Duration.ZERO);
    }

    private static List<JobQueueEvent> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(ReporterTest::event).toList();
    }

    @Test
    void tellsOnTheCallersThreadBeforeItIsStarted() {
        // given
        List<Thread> threads = new CopyOnWriteArrayList<>();
        reporter(event -> threads.add(Thread.currentThread()));
        // when
        reporter.publish(event(1));
        // then
        assertEquals(List.of(Thread.currentThread()), threads);
    }

    @Test
    void tellsInOrderOnOneThreadWhileItRuns() {
        // given
        List<String> threads = new CopyOnWriteArrayList<>();
        reporter(told::add, event -> threads.add(Thread.currentThread().getName()));
        reporter.start("jobqueue-test-listeners");
        // when
        events(0, 500).forEach(reporter::publish);
        reporter.stop(LONG);
        // then
        assertEquals(events(0, 500), told);
        assertEquals(
                List.of("jobqueue-test-listeners"), threads.stream().distinct().toList());
    }

    @Test
    void tellsEachListenerInItsTurn() {
        // given
        List<String> turns = new CopyOnWriteArrayList<>();
        reporter(event -> turns.add("first"), event -> turns.add("second"));
        // when
        reporter.publish(event(1));
        reporter.publish(event(2));
        // then
        assertEquals(List.of("first", "second", "first", "second"), turns);
    }

    @Test
    void goesOnWhenAListenerThrows() {
        goesOnBeside(event -> {
            throw new AssertionError("broken");
        });
    }

    /** Else a heartbeat whose log fails would be silent, and its node taken for dead. */
    @Test
    void tellsItsListenersThoughTheLogFails() {
        // given
        try (var broken = mockConstruction(
                EventLog.class,
                (log, context) ->
                        doThrow(new IllegalStateException("closed")).when(log).write(any()))) {
            reporter(told::add);
        }
        // when
        reporter.publish(event(0));
        // then
        assertEquals(events(0, 1), told);
    }

    @Test
    void goesOnWhenWhatAListenerThrowsCannotEvenBePrinted() {
        goesOnBeside(event -> {
            throw new IllegalStateException() {
                @Override
                public String toString() {
                    throw new IllegalArgumentException("unprintable");
                }
            };
        });
    }

    private void goesOnBeside(JobQueueListener broken) {
        // given
        reporter(broken, told::add);
        reporter.start("jobqueue-test-listeners");
        // when
        events(0, 3).forEach(reporter::publish);
        reporter.stop(LONG);
        // then
        assertEquals(events(0, 3), told);
    }

    @Test
    void dropsAndCountsWhatASlowListenerLeavesNoRoomFor() {
        // given
        reporter(slow);
        reporter.start("jobqueue-test-listeners");
        reporter.publish(event(0));
        await(entered);
        // when: the buffer fills up
        events(1, BUFFERED + 51).forEach(reporter::publish);
        long dropped = reporter.dropped();
        released.countDown();
        reporter.stop(LONG);
        // then
        assertTrue(dropped >= 50 && dropped <= 51, () -> "dropped " + dropped);
        assertEquals(new EventsDropped(dropped), told.get(told.size() - 1));
        assertEquals(events(0, (int) (BUFFERED + 51 - dropped)), told.subList(0, told.size() - 1));
    }

    @Test
    void hasNoThreadLeftAfterStop() {
        // given
        reporter(told::add);
        reporter.start("jobqueue-gone-listeners");
        // when
        reporter.stop(LONG);
        // then
        assertTrue(threads("jobqueue-gone-listeners").allMatch(ReporterTest::ends));
    }

    private static Stream<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name));
    }

    private static boolean ends(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return !thread.isAlive();
    }

    @Test
    void startsNoThreadWithoutListeners() {
        // given
        reporter();
        // when
        reporter.start("jobqueue-none-listeners");
        // then
        assertEquals(0, threads("jobqueue-none-listeners").count());
    }

    @Test
    void leavesAListenerBehindThatDoesNotReturnAndCountsWhatItWasNotTold() {
        // given
        reporter(slow);
        reporter.start("jobqueue-test-listeners");
        reporter.publish(event(0));
        await(entered);
        events(1, 6).forEach(reporter::publish);
        // when
        reporter.stop(Duration.ofMillis(20));
        // then
        assertEquals(5, reporter.dropped());
    }

    @Test
    void tellsNothingTwiceWhenStartedAgainBesideAListenerThatWasLeftBehind() throws Exception {
        // given
        CountDownLatch all = new CountDownLatch(4);
        reporter(slow, event -> all.countDown());
        reporter.start("jobqueue-test-listeners");
        events(0, 3).forEach(reporter::publish);
        await(entered);
        reporter.stop(Duration.ofMillis(20));
        // when
        reporter.start("jobqueue-test-listeners");
        events(3, 6).forEach(reporter::publish);
        released.countDown();
        // then: the one it was left behind with, and those after the second start
        assertTrue(all.await(30, TimeUnit.SECONDS));
        reporter.stop(LONG);
        assertEquals(List.of(event(0), event(3), event(4), event(5)), inOrder(told));
        assertEquals(2, reporter.dropped());
    }

    private static List<JobQueueEvent> inOrder(List<JobQueueEvent> events) {
        return events.stream()
                .sorted((one, other) -> one.toString().compareTo(other.toString()))
                .toList();
    }
}
