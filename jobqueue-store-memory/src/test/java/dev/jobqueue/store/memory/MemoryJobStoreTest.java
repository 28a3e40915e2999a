package dev.jobqueue.store.memory;

import static dev.jobqueue.store.memory.TestJobs.START;
import static dev.jobqueue.store.memory.TestJobs.aJob;
import static dev.jobqueue.store.memory.TestJobs.claimOf;
import static dev.jobqueue.store.memory.TestJobs.join;
import static dev.jobqueue.store.memory.TestJobs.node;
import static dev.jobqueue.store.memory.TestJobs.stored;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.Suspects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryJobStoreTest {
    private final MemoryJobStore store = MemoryJobStore.create(() -> START);

    @Test
    void saysWhatItIs() {
        assertEquals("memory", store.traits().name());
        assertFalse(store.traits().shared());
        assertFalse(store.traits().durable());
        assertEquals(Set.of(Feature.WAKE_UP), store.traits().features());
    }

    @Test
    void tellsTheTimeOfItsClock() {
        assertEquals(START, join(store, "node").heartbeat(Set.of()).storeTime());
    }

    @Test
    void keepsItsJobsWhenItsQueueLeaves() {
        // given
        store.insert(List.of(stored(1), stored(2)));
        StoreSession first = join(store, "first");
        Job claimed = first.claim(claimOf(1)).jobs().get(0);
        // when
        first.close();
        join(store, "second");
        // then
        assertEquals(Optional.of(claimed), store.find(claimed.id()));
        assertEquals(List.of(claimed.info()), orphans());
        assertEquals(Optional.of(stored(2)), store.find(stored(2).id()));
    }

    @Test
    void takesTheJobsOfASupersededNodeForOrphans() {
        // given
        store.insert(List.of(stored(1), stored(2), stored(3)));
        StoreSession first = join(store, "first");
        JobInfo abandoned = first.claim(claimOf(1)).jobs().get(0).info();
        assertEquals(List.of(), orphans());
        // when
        StoreSession second = store.join(
                JoinRequest.of(node("second"), Duration.ofSeconds(6), () -> {}).replacing(node("first")));
        JobInfo held = second.claim(claimOf(1)).jobs().get(0).info();
        // then
        assertEquals(List.of(abandoned), orphans());
        assertEquals(List.of(held), held("second"));
        assertThrows(NotMemberException.class, () -> first.claim(claimOf(1)));
    }

    @Test
    void knowsNoOrphanByIdWhileItsOwnerIsIn() {
        store.insert(List.of(stored(1)));
        JobInfo held = join(store, "first").claim(claimOf(1)).jobs().get(0).info();

        JobFilter byId = JobFilter.any().withIds(Set.of(held.id())).orphans();

        assertEquals(List.of(), store.list(JobQuery.of(byId)).jobs());
    }

    @Test
    void listsNothingFinalOrWaitingForAnOwner() {
        store.insert(List.of(stored(1), stored(2)));
        JobInfo held = join(store, "first").claim(claimOf(1)).jobs().get(0).info();

        store.apply(List.of(Change.complete(held, START)));

        assertEquals(List.of(), held("first"));
    }

    @Test
    void claimsSuspectsOnlyWhenAsked() {
        // given
        store.insert(List.of(stored(1)));
        StoreSession session = join(store, "node");
        for (int crash = 0; crash < JobInfo.SUSPECT_CRASHES; crash++) {
            JobInfo running = session.claim(claimOf(1)).jobs().get(0).info();
            store.apply(List.of(Change.recover(running, START)));
        }
        store.insert(List.of(stored(2)));
        ClaimSlot slot = ClaimSlot.of("default", Set.of("email"), 5);
        // when
        List<Job> unsuspected = session.claim(ClaimRequest.of(START, 5, List.of(slot.withSuspects(Suspects.NONE))))
                .jobs();
        List<Job> suspects = session.claim(ClaimRequest.of(START, 5, List.of(slot.withSuspects(Suspects.ONLY))))
                .jobs();
        // then
        assertEquals(List.of(stored(2).id()), unsuspected.stream().map(Job::id).toList());
        assertEquals(List.of(stored(1).id()), suspects.stream().map(Job::id).toList());
    }

    @Test
    void claimsEveryJobEvenWhenNowStepsBack() {
        // given
        Instant later = START.plusSeconds(60);
        store.insert(List.of(stored(1), stored(aJob(2).runAt(later).priority(0))));
        StoreSession session = join(store, "node");
        session.claim(ClaimRequest.of(later, 1, List.of(ClaimSlot.of("default", Set.of("other"), 1))));
        // when
        var claimed = session.claim(claimOf(5, START));
        // then
        assertEquals(
                List.of(stored(1).id()), claimed.jobs().stream().map(Job::id).toList());
        assertEquals(Optional.of(later), claimed.nextDue());
    }

    @Test
    void tellsNoNextRunAtWhenItGaveAllThatWasAsked() {
        store.insert(List.of(stored(1), stored(aJob(2).runAt(START.plusSeconds(1)))));

        assertEquals(Optional.empty(), join(store, "node").claim(claimOf(1)).nextDue());
    }

    @Test
    void forgetsAKindWithItsLastJob() {
        // given
        store.insert(List.of(stored(1)));
        store.apply(List.of(Change.cancel(stored(1).info(), START)));
        JobInfo cancelled = store.find(stored(1).id()).orElseThrow().info();
        // when
        List<ApplyOutcome> outcomes = store.apply(List.of(Change.remove(cancelled)));
        // then
        assertEquals(List.of(ApplyOutcome.applied()), outcomes);
        assertEquals(List.of(), store.counts(Set.of(JobStatus.values())));
        assertEquals(Optional.empty(), store.find(cancelled.id()));
        // and an id may be used again
        assertTrue(store.insert(List.of(stored(1))).get(0).isStored());
    }

    @Test
    void needsAStatusToCount() {
        assertThrows(IllegalArgumentException.class, () -> store.counts(Set.of()));
    }

    @Test
    void listsTheOrderOfClaimsForPendingJobsAlone() {
        JobQuery all = JobQuery.of(JobFilter.any()).in(JobOrder.CLAIM);

        assertThrows(IllegalArgumentException.class, () -> store.list(all));
    }

    @ParameterizedTest
    @CsvSource({
        "STORE, ''",
        "STORE, x",
        "STORE, STORE",
        "STORE, STORE/0",
        "STORE, STORE/2",
        "STORE, STORE/x",
        "STORE, STORE/1/1",
        "STORE, NEWEST/2026-01-01T00:00:00Z/00000000-0000-7000-0000-000000000001",
        "CLAIM, STORE/1",
        "CLAIM, CLAIM/10/0/00000000-0000-7000-0000-000000000001",
        "CLAIM, CLAIM/5/-1/00000000-0000-7000-0000-000000000001",
        "CLAIM, CLAIM/5/0/1",
        "NEWEST, STORE/1",
        "NEWEST, NEWEST/today/00000000-0000-7000-0000-000000000001",
    })
    void refusesACursorThatIsNotItsOwn(JobOrder order, String cursor) {
        store.insert(List.of(stored(1)));
        JobFilter pending = JobFilter.any().withStatuses(Set.of(JobStatus.PENDING));

        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> store.list(JobQuery.of(pending).in(order).after(cursor)));

        assertTrue(refused.getMessage().contains("\"" + cursor + "\""), refused.getMessage());
    }

    @Test
    void looksAtABoundedNumberOfJobsForOnePage() {
        // given
        int jobs = Listing.MOST_LOOKED_AT + 1_000;
        for (long from = 1; from <= jobs; from += 1_000) {
            store.insert(LongStream.range(from, from + 1_000)
                    .mapToObj(TestJobs::stored)
                    .toList());
        }
        store.insert(List.of(stored(aJob(jobs + 1, "rare"))));
        JobQuery rare = JobQuery.of(JobFilter.any().withTypes(Set.of("rare"))).in(JobOrder.STORE);
        // when
        JobPage first = store.list(rare);
        JobPage second = store.list(rare.after(first.next().orElseThrow()));
        // then
        assertEquals(List.of(), first.jobs());
        assertEquals(1, second.jobs().size());
        assertEquals(Optional.empty(), second.next());
    }

    @Test
    void refusesEveryCallOnceClosed() {
        StoreSession session = join(store, "node");
        store.insert(List.of(stored(1)));
        store.close();
        store.close();

        assertThrows(StoreException.class, () -> store.insert(List.of(stored(2))));
        assertThrows(
                StoreException.class,
                () -> store.apply(List.of(Change.cancel(stored(1).info(), START))));
        assertThrows(StoreException.class, () -> store.find(stored(1).id()));
        assertThrows(StoreException.class, () -> store.list(JobQuery.of(JobFilter.any())));
        assertThrows(StoreException.class, () -> store.counts(Set.of(JobStatus.PENDING)));
        assertThrows(StoreException.class, () -> join(store, "other"));
        assertThrows(StoreException.class, () -> session.claim(claimOf(1)));
    }

    private List<JobInfo> orphans() {
        return all(JobFilter.any().orphans());
    }

    private List<JobInfo> held(String name) {
        return all(JobFilter.any().withOwner(node(name).text()));
    }

    private List<JobInfo> all(JobFilter filter) {
        List<JobInfo> all = new ArrayList<>();
        JobQuery query = JobQuery.of(filter).in(JobOrder.STORE).withLimit(1);
        JobPage page = store.list(query);
        all.addAll(page.jobs());
        while (page.next().isPresent()) {
            page = store.list(query.after(page.next().get()));
            all.addAll(page.jobs());
        }
        return all;
    }
}
