package dev.jobqueue;

import dev.jobqueue.engine.EngineProvider;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.JobStore;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the one engine on the class path or module path. */
@SuppressWarnings("rawtypes") // a class literal has no type arguments
final class Engines {
    private Engines() {}

    static EngineProvider<JobQueue.Builder, JobClient, JobStore> engine() {
        List<ServiceLoader.Provider<EngineProvider>> found = visibleTo(JobQueue.class.getClassLoader());
        return one(found.isEmpty() ? visibleTo(Thread.currentThread().getContextClassLoader()) : found);
    }

    private static List<ServiceLoader.Provider<EngineProvider>> visibleTo(@Nullable ClassLoader loader) {
        try {
            return ServiceLoader.load(EngineProvider.class, loader).stream().toList();
        } catch (ServiceConfigurationError e) {
            throw new JobQueueException(
                    "the engine can't be loaded: " + e.getMessage() + "; use the same version of all"
                            + " jobqueue artifacts, all of them on the class path or all on the module path",
                    e);
        }
    }

    /** The type arguments are what every provider has: the service is open to jobqueue-core alone. */
    @SuppressWarnings("unchecked")
    static EngineProvider<JobQueue.Builder, JobClient, JobStore> one(
            List<ServiceLoader.Provider<EngineProvider>> found) {
        if (found.isEmpty()) {
            throw new JobQueueException("no engine was found: add the artifact dev.jobqueue:jobqueue-core to the path;"
                    + " in one jar of everything, keep its META-INF/services");
        }
        if (found.size() > 1) {
            throw new JobQueueException("more than one engine was found: leave one of them on the path: "
                    + found.stream().map(each -> each.type().getName()).toList());
        }
        return found.get(0).get();
    }
}
