package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobInfo.DEFAULT_QUEUE;
import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.Suspects;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim takes, what it leaves, and what it makes of a job. */
abstract class ClaimClauses extends Clauses {
    ClaimClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void movesAJobToTheNodeThatAsked() {
        // given
        Node node = aNode("worker");
        StoreSession session = join(node);
        Job job = insert(aJob(
                with -> with.attributes(Map.of("a", "1")).memo(new byte[] {7}).priority(2)));
        clock.advance(Duration.ofSeconds(3));
        // when
        List<Job> claimed = session.claim(claiming(1)).jobs();
        // then
        assertEquals(1, claimed.size());
        assertSameJob(job.info().claimed(node, now()), claimed.get(0).info());
        assertArrayEquals(job.payload(), claimed.get(0).payload());
        assertSameJob(claimed.get(0).info(), info(job.id()));
        assertArrayEquals(job.payload(), found(job.id()).payload());
    }

    @Test
    void leavesTheHistoryOfAJob() {
        // given
        JobInfo worn = wornJob(job -> job);
        changed(Change.release(worn, now()));
        // when
        JobInfo claimed = claimAgain(member(), worn.queue());
        // then
        assertEquals(1, claimed.failures());
        assertEquals(1, claimed.crashes());
        assertEquals(Optional.of("it rained"), claimed.error());
        assertEquals(4, claimed.attempt());
    }

    @Test
    void countsAttempts() {
        // given
        JobInfo job = claimedJob();
        assertEquals(1, job.attempt());
        // when
        changed(Change.release(job, now()));
        // then
        assertEquals(2, claimAgain(member(), job.queue()).attempt());
    }

    @Test
    void takesNothingWhereNothingIs() {
        assertEquals(List.of(), claim(5));
    }

    @Test
    void takesNoJobTwice() {
        // given
        List<Job> jobs = insert(jobs(10));
        // when
        List<JobId> first = ids(claim(6));
        List<JobId> second = ids(claim(6));
        // then
        assertEquals(6, first.size());
        assertEquals(4, second.size());
        Set<JobId> all = new HashSet<>(first);
        all.addAll(second);
        assertEquals(new HashSet<>(ids(jobs)), all);
        assertEquals(List.of(), claim(6));
    }

    @Test
    void takesWhatIsDueToTheMillisecond() {
        // given
        Job due = insert(aJob(job -> job.runAt(now())));
        insert(aJob(job -> job.runAt(now().plusMillis(1))));
        insert(aJob(job -> job.runAt(JobInfo.NEVER)));
        // then
        assertEquals(List.of(due.id()), ids(claim(5)));
    }

    @Test
    void goesByTheRequestsTimeAndNotByTheStores() {
        // given
        Job later = insert(aJob(job -> job.runAt(now().plusSeconds(3600))));
        Job now = insert(aJob());
        ClaimSlot slot = ClaimSlot.of(DEFAULT_QUEUE, Set.of(TYPE), 5);
        // then
        assertEquals(
                List.of(),
                member().claim(ClaimRequest.of(now().minusMillis(1), 5, List.of(slot)))
                        .jobs());
        assertEquals(
                List.of(now.id(), later.id()),
                ids(member().claim(ClaimRequest.of(now().plusSeconds(3600), 5, List.of(slot)))
                        .jobs()));
    }

    @Test
    void leavesTypesThatWereNotAskedFor() {
        // given
        insert(aJob("letter", job -> job.priority(0)));
        Job mail = insert(aJob("mail", job -> job));
        Job fax = insert(aJob("fax", job -> job.priority(6)));
        ClaimSlot slot = ClaimSlot.of(DEFAULT_QUEUE, Set.of("mail", "fax"), 5);
        // then
        assertEquals(
                List.of(mail.id(), fax.id()),
                ids(member().claim(claiming(5, slot)).jobs()));
    }

    @Test
    void leavesQueuesThatWereNotAskedFor() {
        // given
        insert(aJob(job -> job.queue("night").priority(0)));
        Job job = insert(aJob(with -> with.queue("day")));
        // then
        assertEquals(
                List.of(job.id()),
                ids(member().claim(claiming(5, ClaimSlot.of("day", Set.of(TYPE), 5)))
                        .jobs()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Post", "POST", "post ", " post", "p\u00F6st", "po\u0308st", "p_st", "p%", "pos"})
    void tellsNamesApartToTheLetter(String other) {
        // given
        Job asked = insert(aJob("post", job -> job.queue("post")));
        insert(aJob(other, job -> job.queue("post")));
        insert(aJob("post", job -> job.queue(other)));
        // then
        assertEquals(
                List.of(asked.id()),
                ids(member().claim(claiming(5, ClaimSlot.of("post", Set.of("post"), 5)))
                        .jobs()));
    }

    @Test
    void takesSuspectsOnlyAsAsked() {
        // given
        JobInfo suspect = crashedJob("suspect", JobInfo.SUSPECT_CRASHES);
        JobInfo once = crashedJob("crashed once", JobInfo.SUSPECT_CRASHES - 1);
        JobInfo plain = crashedJob("unharmed", 0);

        // then
        assertEquals(Set.of(suspect.id()), claimedAndReleased(Suspects.ONLY));
        assertEquals(Set.of(once.id(), plain.id()), claimedAndReleased(Suspects.NONE));
        assertEquals(Set.of(suspect.id(), once.id(), plain.id()), claimedAndReleased(Suspects.ANY));
    }

    private Set<JobId> claimedAndReleased(Suspects suspects) {
        ClaimSlot slot = ClaimSlot.of(DEFAULT_QUEUE, Set.of("suspect", "crashed once", "unharmed"), 5)
                .withSuspects(suspects);
        List<Job> jobs = member().claim(claiming(5, slot)).jobs();
        jobs.forEach(job -> changed(Change.release(job.info(), now())));
        return new HashSet<>(ids(jobs));
    }

    @Test
    void takesSlotsInTheirOrder() {
        // given
        Job best = insert(aJob("fax", job -> job.priority(0)));
        Job worst = insert(aJob("mail", job -> job.priority(9)));
        // when
        List<Job> claimed = member().claim(claiming(
                        5,
                        ClaimSlot.of(DEFAULT_QUEUE, Set.of("mail"), 5),
                        ClaimSlot.of(DEFAULT_QUEUE, Set.of("fax"), 5)))
                .jobs();
        // then
        assertEquals(List.of(worst.id(), best.id()), ids(claimed));
    }

    @Test
    void keepsEachSlotsLimitAndTheRequests() {
        // given
        for (int i = 0; i < 4; i++) {
            insert(aJob("mail", job -> job));
            insert(aJob("fax", job -> job));
            insert(aJob("letter", job -> job));
        }
        // when
        List<Job> claimed = member().claim(claiming(
                        6,
                        ClaimSlot.of(DEFAULT_QUEUE, Set.of("mail"), 2),
                        ClaimSlot.of(DEFAULT_QUEUE, Set.of("fax"), 3),
                        ClaimSlot.of(DEFAULT_QUEUE, Set.of("letter"), 4)))
                .jobs();
        // then
        assertEquals(
                List.of("mail", "mail", "fax", "fax", "fax", "letter"),
                claimed.stream().map(job -> job.info().type()).toList());
    }

    @Test
    void takesAJobForOneSlotOnlyWhereSlotsOverlap() {
        // given
        insert(jobs(5));
        ClaimSlot one = ClaimSlot.of(DEFAULT_QUEUE, Set.of(TYPE), 2);
        // when
        List<Job> claimed = member().claim(claiming(6, one, one, one)).jobs();
        // then
        assertEquals(5, claimed.size());
        assertEquals(5, new HashSet<>(ids(claimed)).size());
        claimed.forEach(job -> assertEquals(1, job.info().attempt()));
    }

    @Test
    void takesALongBatchAtOnce() {
        List<Job> jobs = insert(jobs(longBatch()));
        assertEquals(jobs.size(), claim(jobs.size()).size());
    }

    @Test
    void takesManyTypesAtOnce() {
        // given
        Set<String> types = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            types.add("type " + i);
        }
        List<Job> jobs =
                insert(types.stream().map(type -> aJob(type, job -> job)).toList());
        // then
        int limit = Math.min(longBatch(), types.size());
        assertEquals(
                Math.min(limit, jobs.size()),
                member().claim(claiming(limit, ClaimSlot.of(DEFAULT_QUEUE, types, limit)))
                        .jobs()
                        .size());
    }

    @Test
    void refusesMoreThanABatchAndTakesNothing() {
        // given
        int tooMany = store.traits().maxBatch() + 1;
        assumeTrue(tooMany > 0, "the longest batch is the longest there can be");
        Job job = insert(aJob());
        // then
        assertThrows(IllegalArgumentException.class, () -> claim(tooMany));
        assertSameJob(job.info(), info(job.id()));
    }
}
