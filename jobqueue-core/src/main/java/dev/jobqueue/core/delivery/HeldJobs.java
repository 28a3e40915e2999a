package dev.jobqueue.core.delivery;

import dev.jobqueue.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What this node holds. A job may be held anew while a handler of an attempt that timed out still runs. Thread-safe. */
public final class HeldJobs {
    private final Map<JobId, HeldJob> jobs = new ConcurrentHashMap<>();
    private final AtomicLong added = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong bytesWaiting = new AtomicLong();

    /** From now on this node holds the job. */
    public void add(HeldJob job) {
        added.incrementAndGet();
        job.heldBy(this);
        jobs.put(job.info().id(), job);
    }

    /** This node does not hold this attempt of the job any longer. */
    public void remove(HeldJob job) {
        job.end();
        jobs.remove(job.info().id(), job);
    }

    void began(int payload) {
        open.incrementAndGet();
        bytesWaiting.addAndGet(payload);
    }

    void stoppedWaiting(int payload) {
        bytesWaiting.addAndGet(-payload);
    }

    void ended() {
        open.decrementAndGet();
    }

    /** The job of this id, if held. */
    public Optional<HeldJob> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** All, as of now. */
    public List<HeldJob> all() {
        return List.copyOf(jobs.values());
    }

    /** How many jobs wait for a worker or run: their attempts have not ended. */
    public int open() {
        return open.get();
    }

    /** How many bytes of payload wait for a worker. */
    public long bytesWaiting() {
        return bytesWaiting.get();
    }

    /** How many jobs this node has held so far. */
    public long added() {
        return added.get();
    }

    /** How many. */
    public int size() {
        return jobs.size();
    }
}
