package dev.jobqueue.core.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreConditionTest {
    private final FakePlatform platform = new FakePlatform();
    private final List<JobQueueEvent> events = new ArrayList<>();
    private final StoreCondition condition =
            new StoreCondition(platform, new Reporter(platform, List.of(events::add)), "dispatch");
    private final StoreException away = new StoreException("away");

    @Test
    void saysNothingWhileTheStoreAnswers() {
        // when
        condition.answered();
        condition.answered();
        // then
        assertEquals(List.of(), events);
        assertEquals(Optional.empty(), condition.problem());
    }

    @Test
    void saysOnceThatTheStoreFailsAndOnceThatItAnswers() {
        // when
        condition.failed(away);
        platform.advance(Duration.ofSeconds(3));
        condition.failed(new StoreException("still away"));
        platform.advance(Duration.ofSeconds(4));
        condition.answered();
        condition.answered();
        // then
        assertEquals(
                List.of(new StoreUnavailable("dispatch", away), new StoreAvailable("dispatch", Duration.ofSeconds(7))),
                events);
    }

    @Test
    void saysSoAgainAfterAnotherChange() {
        // when
        condition.failed(away);
        condition.answered();
        condition.failed(away);
        // then
        assertEquals(3, events.size());
    }

    @Test
    void namesTheProblemWhileThereIsOne() {
        // when
        condition.failed(away);
        // then
        assertEquals(Optional.of("the store does not answer dispatch: away"), condition.problem());
        condition.answered();
        assertEquals(Optional.empty(), condition.problem());
    }

    @Test
    void asksForLongerPausesTheLongerItFailsAndForShortOnesAfterwards() {
        // when
        Duration first = condition.failed(away);
        for (int i = 0; i < 20; i++) {
            condition.failed(away);
        }
        Duration late = condition.failed(away);
        condition.answered();
        Duration afterwards = condition.failed(away);
        // then
        assertTrue(first.toMillis() <= 50);
        assertTrue(late.toMillis() >= 2_500 && late.toMillis() <= 5_000);
        assertTrue(afterwards.toMillis() <= 50);
    }
}
