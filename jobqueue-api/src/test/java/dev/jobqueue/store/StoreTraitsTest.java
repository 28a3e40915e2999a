package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoreTraitsTest {
    private static final StoreTraits TRAITS =
            StoreTraits.exclusive("test store").withMaxBatch(2).withMaxPayload(3);

    @Test
    void areThoseOfASmallStoreUnlessToldOtherwise() {
        StoreTraits traits = StoreTraits.exclusive("sqlite jobs.db");

        assertEquals("sqlite jobs.db", traits.name());
        assertEquals("sqlite jobs.db", traits.toString());
        assertFalse(traits.shared());
        assertFalse(traits.durable());
        assertEquals(16 * 1024 * 1024, traits.maxPayload());
        assertEquals(1_000, traits.maxBatch());
        assertEquals(Set.of(), traits.features());
        assertTrue(StoreTraits.shared("pg").shared());
    }

    @Test
    void changeOneAtATime() {
        StoreTraits traits = StoreTraits.shared("pg")
                .withMaxBatch(7)
                .withMaxPayload(8)
                .withFeatures(Set.of(Feature.WAKE_UP))
                .withDurability();

        assertTrue(traits.shared() && traits.durable());
        assertEquals(7, traits.maxBatch());
        assertEquals(8, traits.maxPayload());
        assertEquals(Set.of(Feature.WAKE_UP), traits.features());
    }

    @Test
    void refuseLimitsOfNothing() {
        assertRefused("maxBatch must be at least 1, but was 0", () -> TRAITS.withMaxBatch(0));
        assertRefused("maxPayload must be at least 1, but was 0", () -> TRAITS.withMaxPayload(0));
    }

    @Test
    void boundInserts() {
        TRAITS.checkInsert(List.of(aJob("1", 3), aJob("2", 0)));

        assertRefused("insert must be of 1 to 2 jobs in test store, but was of 0", () -> TRAITS.checkInsert(List.of()));
        assertRefused(
                "insert must be of 1 to 2 jobs in test store, but was of 3",
                () -> TRAITS.checkInsert(List.of(aJob("1", 0), aJob("2", 0), aJob("3", 0))));
        assertRefused(
                "insert must name a job once, but named " + JobId.of("1") + " twice",
                () -> TRAITS.checkInsert(List.of(aJob("1", 0), aJob("1", 0))));
        assertRefused(
                "the payload must be at most 3 bytes in test store, but was 4",
                () -> TRAITS.checkInsert(List.of(aJob("1", 0), aJob("2", 4))));
    }

    static Stream<JobInfo.Builder> oldJobs() {
        return Stream.of(
                aJob().status(PROCESSING).owner("node@1"),
                aJob().status(CANCELLED).finishedAt(AnyJob.CREATED),
                aJob().attempt(1),
                aJob().failures(1),
                aJob().crashes(1),
                aJob().attempt(Integer.MAX_VALUE).failures(Integer.MAX_VALUE).crashes(2),
                aJob().error("disk full"));
    }

    @ParameterizedTest
    @MethodSource("oldJobs")
    void letOnlyNewJobsIn(JobInfo.Builder job) {
        assertRefused("a job is inserted new: ", () -> TRAITS.checkInsert(List.of(Job.of(job.build(), new byte[0]))));
    }

    @Test
    void letNewJobsInWithAllThatTheyMayCarry() {
        JobInfo.Builder job =
                aJob().queue("slow").priority(0).runAt(JobInfo.NEVER).memo(new byte[] {1});

        TRAITS.checkInsert(List.of(Job.of(job.attributes(attributes(80)).build(), new byte[0])));
        assertRefused(
                "a job has at most 80 attributes in a store, but " + JobId.of("1") + " had 81",
                () -> TRAITS.checkInsert(
                        List.of(Job.of(job.attributes(attributes(81)).build(), new byte[0]))));
    }

    private static JobInfo.Builder aJob() {
        return JobInfo.builder(JobId.of("1"), "email", AnyJob.CREATED);
    }

    private static Map<String, String> attributes(int number) {
        return IntStream.range(0, number).boxed().collect(Collectors.toMap(each -> "key" + each, each -> "value"));
    }

    @Test
    void boundChanges() {
        Change one = Change.cancel(aJob("1", 0).info(), AnyJob.CREATED);
        Change two = Change.cancel(aJob("2", 0).info(), AnyJob.CREATED);
        Change removal = Change.remove(AnyJob.in(CANCELLED));
        TRAITS.checkApply(List.of(one, two));

        assertRefused("apply must be of 1 to 2 jobs", () -> TRAITS.checkApply(List.of()));
        assertRefused("but was of 3", () -> TRAITS.checkApply(List.of(one, two, removal)));
        assertRefused("apply must name a job once", () -> TRAITS.checkApply(List.of(one, one)));
    }

    @Test
    void boundClaimsAndPages() {
        List<ClaimSlot> slots = List.of(ClaimSlot.of("default", Set.of("email"), 9));
        JobQuery query = JobQuery.of(JobFilter.any());
        TRAITS.checkClaim(ClaimRequest.of(AnyJob.CREATED, 2, slots));
        TRAITS.checkList(query.withLimit(2));

        assertRefused(
                "claim must be of 1 to 2 jobs in test store, but was of 3",
                () -> TRAITS.checkClaim(ClaimRequest.of(AnyJob.CREATED, 3, slots)));
        assertRefused(
                "list must be of 1 to 2 jobs in test store, but was of 3", () -> TRAITS.checkList(query.withLimit(3)));
    }

    @Test
    void boundTheIdsOfAList() {
        JobFilter two = JobFilter.any().withIds(Set.of(JobId.of("1"), JobId.of("2")));
        JobFilter three = JobFilter.any().withIds(Set.of(JobId.of("1"), JobId.of("2"), JobId.of("3")));
        TRAITS.checkList(JobQuery.of(two).withLimit(1));

        assertRefused(
                "a list by id must be of 1 to 2 jobs in test store, but was of 3",
                () -> TRAITS.checkList(JobQuery.of(three).withLimit(1)));
    }

    @Test
    void keepTheOrderOfClaimsForPendingJobsAlone() {
        JobQuery all = JobQuery.of(JobFilter.any()).withLimit(1).in(JobOrder.CLAIM);
        JobFilter some = JobFilter.any().withStatuses(Set.of(PENDING, PROCESSING));
        TRAITS.checkList(JobQuery.of(JobFilter.any().withStatuses(Set.of(PENDING)))
                .withLimit(1)
                .in(JobOrder.CLAIM));

        assertRefused("claim order is for PENDING jobs alone", () -> TRAITS.checkList(all));
        assertRefused(
                "claim order is for PENDING jobs alone",
                () -> TRAITS.checkList(JobQuery.of(some).withLimit(1).in(JobOrder.CLAIM)));
    }

    private static Job aJob(String name, int payload) {
        return Job.of(JobInfo.builder(JobId.of(name), "email", AnyJob.CREATED).build(), new byte[payload]);
    }

    private static void assertRefused(String part, Executable check) {
        String message = assertThrows(IllegalArgumentException.class, check).getMessage();
        assertTrue(message.contains(part), message);
    }
}
