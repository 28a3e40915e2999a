package dev.jobqueue.core.submission;

import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who waits for jobs to become final; told at once of what this node finishes. Thread-safe. */
public final class Finals {
    private final Map<JobId, List<Wait>> waits = new ConcurrentHashMap<>();

    /** Begins to wait, at this monitor. */
    Wait wait(JobId id, Monitor monitor) {
        Wait wait = new Wait(id, monitor);
        // in one step, since the last one to leave takes the list away
        waits.compute(id, (any, all) -> {
            List<Wait> more = all == null ? new CopyOnWriteArrayList<>() : all;
            more.add(wait);
            return more;
        });
        return wait;
    }

    /** The job is final. */
    public void tell(JobId id) {
        waits.getOrDefault(id, List.of()).forEach(Wait::end);
    }

    /** For how many jobs somebody waits. */
    int awaited() {
        return waits.size();
    }

    /** One caller's wait for one job. */
    final class Wait implements AutoCloseable {
        private final JobId id;
        private final Monitor monitor;
        private boolean over;

        private Wait(JobId id, Monitor monitor) {
            this.id = id;
            this.monitor = monitor;
        }

        private void end() {
            set(true);
        }

        /** To be called before the job is looked at, so that no end is missed. */
        void clear() {
            set(false);
        }

        private void set(boolean now) {
            monitor.lock();
            try {
                over = now;
                monitor.signalAll();
            } finally {
                monitor.unlock();
            }
        }

        /** Whether the job was said to be final; to be called by who is in the monitor. */
        boolean isOver() {
            return over;
        }

        @Override
        public void close() {
            waits.computeIfPresent(id, (any, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }
}
