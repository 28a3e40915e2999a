package dev.jobqueue.faults;

import dev.jobqueue.JobClient;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the ledger and the store say of the same jobs. It shares no code with the engine: it reads files that handlers and
 * submitters wrote, and lists jobs.
 *
 * @param accepted jobs whose submit returned
 * @param lost of these, those that the store does not have
 * @param unfinished of these, those that have not come to an end
 * @param failed of these, those that ended otherwise than COMPLETED; no handler of ours fails
 * @param stale jobs that stand as COMPLETED at an attempt whose handler had not returned, or that had been overtaken
 * @param shared attempts that two handlers began
 * @param twice jobs that were begun more than once
 */
record Audit(int accepted, int lost, int unfinished, int failed, int stale, int shared, int twice) {
    private static final int PAGE = 1_000;

    static Audit of(History history, JobClient client) {
        Map<String, JobInfo> stored = stored(client);
        Set<String> accepted = new HashSet<>();
        history.of(Entry.Kind.ACCEPTED).map(Entry::job).forEach(accepted::add);
        List<JobInfo> kept = accepted.stream()
                .flatMap(job -> Optional.ofNullable(stored.get(job)).stream())
                .toList();
        return new Audit(
                accepted.size(),
                accepted.size() - kept.size(),
                count(kept, job -> !job.status().isFinal()),
                count(kept, job -> job.status().isFinal() && job.status() != JobStatus.COMPLETED),
                count(stored.values(), job -> isStale(job, history)),
                count(history.begun(), Audit::hasSharedAttempt),
                count(history.begun(), runs -> runs.size() > 1));
    }

    private static <T> int count(Collection<T> all, Predicate<T> which) {
        return Math.toIntExact(all.stream().filter(which).count());
    }

    private static Map<String, JobInfo> stored(JobClient client) {
        Map<String, JobInfo> stored = new HashMap<>();
        JobQuery query = JobQuery.of(JobFilter.any()).in(JobOrder.STORE).withLimit(PAGE);
        JobPage page = client.list(query);
        page.jobs().forEach(job -> stored.put(job.id().toString(), job));
        while (page.next().isPresent()) {
            page = client.list(query.after(page.next().get()));
            page.jobs().forEach(job -> stored.put(job.id().toString(), job));
        }
        return stored;
    }

    /** Whether the store says of this job what only an overtaken attempt can have told it. */
    static boolean isStale(JobInfo job, History history) {
        String id = job.id().toString();
        boolean overtaken = history.begun(id).stream().anyMatch(run -> run.attempt() > job.attempt());
        return overtaken || (job.status() == JobStatus.COMPLETED && !history.hasReturned(id, job.attempt()));
    }

    /** How many of the jobs of these attempts stand so, asked one by one. */
    static int stale(List<Entry> runs, History history, JobClient client) {
        return count(
                runs,
                run -> isStale(client.find(JobId.parse(run.job())).orElseThrow().info(), history));
    }

    private static boolean hasSharedAttempt(List<Entry> runs) {
        return runs.stream().map(Entry::attempt).distinct().count() < runs.size();
    }

    /** What must hold after whatever happened. How often jobs may run, the scenario says. */
    List<Row> rows(String scenario) {
        return List.of(
                Row.atLeast(scenario, "accepted_jobs", accepted, 1),
                Row.exactly(scenario, "lost_jobs", lost, 0),
                Row.exactly(scenario, "unfinished_jobs", unfinished, 0),
                Row.exactly(scenario, "failed_jobs", failed, 0),
                Row.exactly(scenario, "stale_results", stale, 0),
                Row.exactly(scenario, "shared_attempts", shared, 0));
    }
}
