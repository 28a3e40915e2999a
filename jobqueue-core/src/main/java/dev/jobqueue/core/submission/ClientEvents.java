package dev.jobqueue.core.submission;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import java.time.Instant;

/** What a running queue wants to know of what its client did. */
public interface ClientEvents {
    /** A job is PENDING in the store, due then. */
    void becamePending(String type, String queue, Instant runAt);

    /** A person's or the host's change was made to this job. */
    void changed(JobInfo seen, Change change);

    /** Who waits for jobs to become final. */
    Finals finals();

    /** For a client without a queue: nobody wants to know. */
    static ClientEvents none() {
        Finals finals = new Finals();
        return new ClientEvents() {
            @Override
            public void becamePending(String type, String queue, Instant runAt) {}

            @Override
            public void changed(JobInfo seen, Change change) {}

            @Override
            public Finals finals() {
                return finals;
            }
        };
    }
}
