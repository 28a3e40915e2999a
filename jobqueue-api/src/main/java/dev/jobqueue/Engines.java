package dev.jobqueue;

import dev.jobqueue.engine.EngineProvider;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.JobStore;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the one engine on the class path or module path. */
final class Engines {
    private Engines() {}

    @SuppressWarnings("rawtypes")
    static EngineProvider<JobQueue.Builder, JobClient, JobStore> engine() {
        return one(ServiceLoader.load(EngineProvider.class, JobQueue.class.getClassLoader()).stream()
                .toList());
    }

    /** The type arguments are what every provider has: the service is open to jobqueue-core alone. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    static EngineProvider<JobQueue.Builder, JobClient, JobStore> one(
            List<ServiceLoader.Provider<EngineProvider>> found) {
        if (found.isEmpty()) {
            throw new JobQueueException("no engine was found: add the artifact dev.jobqueue:jobqueue-core to the path");
        }
        if (found.size() > 1) {
            throw new JobQueueException("more than one engine was found: leave one of them on the path: "
                    + found.stream().map(each -> each.type().getName()).toList());
        }
        return found.get(0).get();
    }
}
