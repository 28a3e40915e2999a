package dev.jobqueue.examples.crash;

import dev.jobqueue.examples.crash.Results.Line;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the parent sees for itself when all processes have ended: the store, the results, and each file once more. */
final class Inspection {
    private static final int PAGE = 1_000;

    private final Folder folder;
    private final Map<JobId, JobInfo> jobs;
    private final Map<String, List<Line>> results;
    private final List<String> faults = new ArrayList<>();
    private long completed;
    private long lost;
    private long ranTwice;

    private Inspection(Folder folder, Map<JobId, JobInfo> jobs, Map<String, List<Line>> results) {
        this.folder = folder;
        this.jobs = jobs;
        this.results = results;
    }

    static Inspection of(Folder folder, List<String> names, Output output, Progress progress) throws IOException {
        Map<JobId, JobInfo> jobs;
        try (JobStore store = SqliteJobStore.open(output.store())) {
            jobs = jobsIn(store);
        }
        Inspection inspection = new Inspection(folder, jobs, Results.read(output.results()));
        for (int i = 0; i < names.size(); i++) {
            progress.show("checking", i, names.size());
            inspection.inspect(names.get(i));
        }
        return inspection;
    }

    private static Map<JobId, JobInfo> jobsIn(JobStore store) {
        Map<JobId, JobInfo> jobs = new HashMap<>();
        JobQuery query = JobQuery.of(JobFilter.any()).in(JobOrder.STORE).withLimit(PAGE);
        Optional<String> next;
        do {
            JobPage page = store.list(query);
            page.jobs().forEach(job -> jobs.put(job.id(), job));
            next = page.next();
            query = next.isPresent() ? query.after(next.get()) : query;
        } while (next.isPresent());
        return jobs;
    }

    private void inspect(String name) {
        JobInfo job = jobs.get(Folder.jobOf(name));
        List<Line> lines = results.getOrDefault(name, List.of());
        if (job == null) {
            lost++;
            faults.add(name + ": lost, its job is not in the store");
        } else if (job.status() != JobStatus.COMPLETED) {
            String why = job.error().map(error -> ": " + error).orElse("");
            faults.add(name + ": left " + job.status() + " at attempt " + job.attempt() + why);
        } else if (lines.isEmpty()) {
            lost++;
            faults.add(name + ": lost, its job is COMPLETED, but there is no result");
        } else {
            completed++;
            ranTwice += lines.size() > 1 ? 1 : 0;
            compare(name, lines);
        }
    }

    private void compare(String name, List<Line> lines) {
        try {
            Checksum checksum = Checksum.of(folder.file(name));
            for (Line line : lines) {
                if (!line.checksum().equals(checksum)) {
                    faults.add("%s: attempt %d found %s, but it has %s"
                            .formatted(name, line.attempt(), line.checksum(), checksum));
                }
            }
        } catch (IOException e) {
            faults.add(name + ": cannot be read any more: " + e);
        }
    }

    /** Jobs that are done, with a result. */
    long completed() {
        return completed;
    }

    /** Jobs that are not in the store, or are done without a result. */
    long lost() {
        return lost;
    }

    /** Jobs with a result of more than one attempt. */
    long ranTwice() {
        return ranTwice;
    }

    /** All that is wrong, one sentence each. */
    List<String> faults() {
        return faults;
    }
}
