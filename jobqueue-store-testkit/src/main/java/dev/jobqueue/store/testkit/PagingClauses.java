package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Page by page a list shows each job once, whatever happens to jobs between two pages. */
abstract class PagingClauses extends Clauses {
    private static final int PAGE = 7;
    private static final int JOBS = 40;
    private static final JobQuery ALL = JobQuery.of(JobFilter.any()).withLimit(PAGE);

    PagingClauses(JobStoreContract contract) {
        super(contract);
    }

    @ParameterizedTest
    @EnumSource
    void showsEachJobOnce(JobOrder order) {
        List<Job> jobs = insert(variedJobs());
        assertOnceEach(jobs, pagedThrough(pending(order), page -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void showsNothingWhereNothingIs(JobOrder order) {
        assertEquals(List.of(), pagedThrough(pending(order), page -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void goesThroughPagesOfOneJob(JobOrder order) {
        List<Job> jobs = insert(variedJobs().subList(0, 5));
        assertOnceEach(jobs, pagedThrough(pending(order).withLimit(1), page -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void makesPagesAsLongAsABatch(JobOrder order) {
        List<Job> jobs = insert(jobs(longBatch()));
        assertOnceEach(jobs, pagedThrough(pending(order).withLimit(longBatch()), page -> {}));
    }

    @Test
    void showsTheOrderOfClaims() {
        List<Job> jobs = insert(variedJobs());
        assertEquals(
                sorted(
                        jobs,
                        Comparator.comparingInt(JobInfo::priority)
                                .thenComparing(JobInfo::runAt)
                                .thenComparing(JobInfo::id)),
                pagedThrough(pending(JobOrder.CLAIM), page -> {}));
    }

    @Test
    void showsTheNewestFirst() {
        List<Job> jobs = insert(variedJobs());
        assertEquals(
                sorted(
                        jobs,
                        Comparator.comparing(JobInfo::createdAt)
                                .thenComparing(JobInfo::id)
                                .reversed()),
                pagedThrough(ALL.in(JobOrder.NEWEST), page -> {}));
    }

    @ParameterizedTest
    @EnumSource(names = {"STORE", "NEWEST"})
    void goesOnAfterWhatWasListedIsRemoved(JobOrder order) {
        // given
        List<Job> jobs = insert(variedJobs());
        jobs.forEach(job -> changed(Change.cancel(job.info(), now())));
        // when
        List<JobId> listed = pagedThrough(ALL.in(order), page -> page.forEach(job -> apply(Change.remove(job))));
        // then
        assertOnceEach(jobs, listed);
        assertEquals(List.of(), store.list(ALL.in(order)).jobs());
    }

    @Test
    void goesOnInTheOrderOfClaimsAfterWhatWasListedIsClaimed() {
        List<Job> jobs = insert(variedJobs());
        List<JobId> listed = pagedThrough(pending(JobOrder.CLAIM), page -> claim(page.size()));
        assertOnceEach(jobs, listed);
    }

    @Test
    void isNotShuffledByChangesInTheStoresOrder() {
        // given
        List<Job> jobs = insert(variedJobs());
        // when
        List<JobId> listed = pagedThrough(
                ALL.in(JobOrder.STORE),
                page -> jobs.stream()
                        .map(job -> info(job.id()))
                        .filter(job -> job.status() == PENDING)
                        .forEach(job -> changed(Change.amend(job, now())
                                .withPriority((job.priority() + 3) % 10)
                                .withRunAt(job.runAt().plusSeconds(job.priority()))
                                .withMemo(new byte[job.priority() * 100]))));
        // then
        assertOnceEach(jobs, listed);
    }

    /** As recovery does: what was listed is put back, so it matches no more. */
    @Test
    void showsEachOrphanOnceWhileTheyAreRecovered() {
        // given
        List<Job> jobs = insert(variedJobs());
        claim(JOBS);
        member().close();
        JobQuery orphans =
                JobQuery.of(JobFilter.any().orphans()).in(JobOrder.STORE).withLimit(PAGE);
        // when
        List<JobId> listed = pagedThrough(orphans, page -> page.forEach(job -> changed(Change.recover(job, now()))));
        // then
        assertOnceEach(jobs, listed);
        assertEquals(List.of(), listed(orphans));
    }

    /** As recovery does when each write fails: what was listed still matches, and must not be listed again. */
    @Test
    void endsAlthoughWhatWasListedStillMatches() {
        // given
        List<Job> jobs = insert(variedJobs());
        claim(JOBS);
        member().close();
        // then
        assertOnceEach(
                jobs,
                pagedThrough(
                        JobQuery.of(JobFilter.any().orphans())
                                .in(JobOrder.STORE)
                                .withLimit(PAGE),
                        page -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void showsTheOldJobsOnceWhileNewOnesCome(JobOrder order) {
        // given
        List<Job> jobs = insert(variedJobs());
        Set<JobId> old = new HashSet<>(ids(jobs));
        int[] news = {0};
        // when
        List<JobId> listed = pagedThrough(pending(order), page -> {
            if (news[0]++ < 5) {
                insert(variedJobs());
            }
        });
        // then
        assertEquals(listed.size(), new HashSet<>(listed).size(), "a job was listed twice");
        assertOnceEach(jobs, listed.stream().filter(old::contains).toList());
    }

    /** The second page, asked for again, goes on from the same place. */
    @ParameterizedTest
    @EnumSource
    void takesTheSameCursorTwice(JobOrder order) {
        // given
        insert(variedJobs());
        String cursor = store.list(pending(order)).next().orElseThrow();
        // then
        List<JobId> once = idsOf(listed(pending(order).after(cursor)));
        assertEquals(once, idsOf(listed(pending(order).after(cursor))));
    }

    @Test
    void showsNoMoreThanWasAskedOfACommonStatus() {
        // given
        insert(variedJobs());
        JobInfo done = jobIn(COMPLETED);
        // then
        assertEquals(
                List.of(done.id()),
                pagedThrough(
                        JobQuery.of(JobFilter.any().withStatuses(Set.of(COMPLETED)))
                                .withLimit(PAGE),
                        page -> {}));
    }

    private JobQuery pending(JobOrder order) {
        return JobQuery.of(JobFilter.any().withStatuses(Set.of(PENDING)))
                .in(order)
                .withLimit(PAGE);
    }

    /** Many equal priorities, run-ats and creation times, so that ties fall onto the edges of pages. */
    private List<Job> variedJobs() {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            int tie = i % 3;
            JobInfo job = JobInfo.builder(newId(), TYPE, now().minusSeconds(tie))
                    .priority(tie)
                    .runAt(now().minusSeconds(2L * tie))
                    .build();
            jobs.add(Job.of(job, new byte[] {1}));
        }
        return jobs;
    }

    /** The ids over all pages; {@code between} does what happens after each page. */
    private List<JobId> pagedThrough(JobQuery query, Consumer<List<JobInfo>> between) {
        List<JobId> listed = new ArrayList<>();
        JobQuery next = query;
        for (int pages = 0; ; pages++) {
            assertTrue(pages < 20 * JOBS, "the pages never end");
            JobPage page = store.list(next);
            assertTrue(
                    page.jobs().size() <= query.limit(),
                    () -> page.jobs().size() + " jobs on a page of " + query.limit());
            listed.addAll(idsOf(page.jobs()));
            between.accept(page.jobs());
            if (page.next().isEmpty()) {
                return listed;
            }
            next = query.after(page.next().get());
        }
    }

    private static List<JobId> sorted(List<Job> jobs, Comparator<JobInfo> by) {
        return jobs.stream().map(Job::info).sorted(by).map(JobInfo::id).toList();
    }

    private static void assertOnceEach(List<Job> jobs, List<JobId> listed) {
        assertEquals(
                ids(jobs).stream().sorted().toList(), listed.stream().sorted().toList());
    }
}
