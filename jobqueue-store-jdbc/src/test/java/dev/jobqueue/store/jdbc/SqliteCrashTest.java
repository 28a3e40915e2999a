package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCrashTest {
    @TempDir
    Path dir;

    @Test
    void keepsWhatItAcknowledgedWhenItsProcessIsHaltedInMidWork() throws Exception {
        // given
        Path file = dir.resolve("jobs.db");
        Map<String, Set<JobId>> said = new HashMap<>();
        try (OtherProcess other = OtherProcess.run(WorksAndHalts.class, file)) {
            for (String line = other.line(); line != null; line = other.line()) {
                String[] words = line.split(" ");
                if (words.length == 2 && words[1].length() == 36) { // not one that the halt cut off
                    said.computeIfAbsent(words[0], what -> new HashSet<>()).add(JobId.parse(words[1]));
                }
            }
            assertEquals(3, other.exit());
        }
        // when
        try (SqliteJobStore store = SqliteJobStore.open(file)) {
            Map<JobId, JobInfo> jobs = new HashMap<>();
            list(store, JobFilter.any()).forEach(job -> jobs.put(job.id(), job));
            // then
            assertTrue(said.get("inserted").size() >= 50 * WorksAndHalts.HALT_AFTER);
            assertTrue(jobs.keySet().containsAll(said.get("inserted")));
            said.get("claimed").forEach(id -> assertEquals(1, jobs.get(id).attempt()));
            said.get("completed")
                    .forEach(
                            id -> assertEquals(JobStatus.COMPLETED, jobs.get(id).status()));
            TestJobs.join(store);
            assertEquals(
                    jobs.values().stream()
                            .filter(job -> job.status() == JobStatus.PROCESSING)
                            .map(JobInfo::id)
                            .sorted()
                            .toList(),
                    list(store, JobFilter.any().orphans()).stream()
                            .map(JobInfo::id)
                            .sorted()
                            .toList());
        }
    }

    private static List<JobInfo> list(SqliteJobStore store, JobFilter filter) {
        List<JobInfo> jobs = new ArrayList<>();
        JobQuery query = JobQuery.of(filter).in(JobOrder.STORE).withLimit(100);
        JobPage page = store.list(query);
        jobs.addAll(page.jobs());
        for (Optional<String> next = page.next(); next.isPresent(); next = page.next()) {
            page = store.list(query.after(next.get()));
            jobs.addAll(page.jobs());
        }
        return jobs;
    }
}
