package dev.jobqueue;

import dev.jobqueue.job.JobQueueException;
import java.util.List;

/** A queue can't be built as configured. Nothing was opened or started. */
public final class ConfigurationException extends JobQueueException {
    private static final long serialVersionUID = 1L;

    private final List<String> faults;

    /** Names all faults; at least one. */
    public ConfigurationException(List<String> faults) {
        super("%d fault%s in the configuration: %s"
                .formatted(faults.size(), faults.size() == 1 ? "" : "s", String.join("; ", faults)));
        this.faults = List.copyOf(faults);
    }

    /** Each fault: what was wrong, with the value, and what is allowed. */
    public List<String> faults() {
        return faults;
    }
}
