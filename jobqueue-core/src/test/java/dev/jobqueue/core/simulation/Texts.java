package dev.jobqueue.core.simulation;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.StoreSession;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Jobs and changes in few words, for a trace. */
final class Texts {
    private Texts() {}

    static String id(JobId id) {
        String text = id.toString();
        return text.substring(text.length() - 6);
    }

    static String job(JobInfo job) {
        return id(job.id()) + " " + job.status() + "@" + job.attempt()
                + job.owner()
                        .map(owner -> " of " + owner.substring(0, owner.indexOf('@') + 5))
                        .orElse("");
    }

    static String jobs(List<Job> jobs) {
        return jobs.stream().map(job -> id(job.id())).collect(Collectors.joining(" "));
    }

    static String answer(Object answer) {
        if (answer instanceof StoreSession) {
            return "in";
        }
        if (answer instanceof Heartbeat heartbeat) {
            return heartbeat.ended().map(end -> end + ", ").orElse("") + "run out " + heartbeat.runOut();
        }
        if (answer instanceof Claimed claimed) {
            return jobs(claimed.jobs()) + ", next due "
                    + claimed.nextDue().map(Instant::toString).orElse("-");
        }
        if (answer instanceof JobPage page) {
            return page.jobs().stream().map(Texts::job).toList() + (page.next().isPresent() ? " and more" : "");
        }
        return answer.toString();
    }

    static String changes(List<Change> changes) {
        return changes.stream()
                .map(change -> id(change.id()) + " " + change.from() + "@" + change.attempt() + ">"
                        + change.to().map(Enum::name).orElse("-"))
                .collect(Collectors.joining(", "));
    }
}
