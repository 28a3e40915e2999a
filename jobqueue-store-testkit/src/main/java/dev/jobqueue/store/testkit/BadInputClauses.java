package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a list must refuse. What the other calls must refuse stands with them. */
abstract class BadInputClauses extends Clauses {
    BadInputClauses(JobStoreContract contract) {
        super(contract);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "nonsense", "0", "-1", "a:b:c", "' OR 1=1 --", "9223372036854775808", "\u20AC"})
    void isACursorThatTheStoreNeverMade(String cursor) {
        // given
        insert(jobs(3));
        // then
        for (JobOrder order : JobOrder.values()) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.list(pending(order).after(cursor)),
                    () -> "in order " + order);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isACursorOfAnotherOrder(JobOrder order) {
        // given
        insert(jobs(3));
        String cursor = store.list(pending(order)).next().orElseThrow();
        // then
        assertDoesNotThrow(() -> store.list(pending(order).after(cursor)));
        Arrays.stream(JobOrder.values())
                .filter(other -> other != order)
                .forEach(other -> assertThrows(
                        IllegalArgumentException.class,
                        () -> store.list(pending(other).after(cursor)),
                        () -> "in order " + other));
    }

    @ParameterizedTest
    @EnumSource
    void isAPageLongerThanABatch(JobOrder order) {
        int tooMany = store.traits().maxBatch() + 1;
        assumeTrue(tooMany > 0, "the longest batch is the longest there can be");
        assertThrows(
                IllegalArgumentException.class, () -> store.list(pending(order).withLimit(tooMany)));
    }

    @Test
    void isTheOrderOfClaimsOfJobsThatAreNotPending() {
        JobQuery any = JobQuery.of(JobFilter.any()).in(JobOrder.CLAIM);
        JobQuery more = JobQuery.of(JobFilter.any().withStatuses(Set.of(PENDING, FAILED)))
                .in(JobOrder.CLAIM);
        assertThrows(IllegalArgumentException.class, () -> store.list(any));
        assertThrows(IllegalArgumentException.class, () -> store.list(more));
    }

    @Test
    void isAFilterByMoreIdsThanABatchHolds() {
        assumeTrue(store.traits().maxBatch() <= 10 * LONG_BATCH, "the longest batch is too long to try a longer one");
        Set<JobId> ids = new HashSet<>(ids(jobs(store.traits().maxBatch() + 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> store.list(JobQuery.of(JobFilter.any().withIds(ids))));
    }

    @Test
    void doesTheStoreNoHarm() {
        assertThrows(
                IllegalArgumentException.class,
                () -> store.list(pending(JobOrder.STORE).after("nonsense")));
        insert(aJob());
        assertDoesNotThrow(() -> store.list(pending(JobOrder.STORE)));
    }

    private static JobQuery pending(JobOrder order) {
        return JobQuery.of(JobFilter.any().withStatuses(Set.of(PENDING)))
                .in(order)
                .withLimit(1);
    }
}
