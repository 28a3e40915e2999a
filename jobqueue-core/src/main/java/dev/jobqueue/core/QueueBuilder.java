package dev.jobqueue.core;

import static java.util.Objects.requireNonNull;

import dev.jobqueue.ConfigurationException;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobType;
import dev.jobqueue.TypedJobHandler;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.core.work.Handler;
import dev.jobqueue.core.work.Handlers;
import dev.jobqueue.event.JobQueueListener;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.option.HandlerOptions;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.option.RecoveryOptions;
import dev.jobqueue.option.RetryPolicy;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the configuration, and all its faults, until {@link #build()}. */
final class QueueBuilder implements JobQueue.Builder {
    private @Nullable JobStore givenStore;
    private @Nullable Supplier<? extends JobStore> opensStore;
    private final List<Registration> registrations = new ArrayList<>();
    private List<String> queues = List.of(JobInfo.DEFAULT_QUEUE);
    private @Nullable String nodeName;
    private int workers = 10;
    private boolean virtualThreads;
    private int deliveryCapacity = 100;
    private UnaryOperator<RecoveryOptions> recovery = UnaryOperator.identity();
    private UnaryOperator<LeaseOptions> lease = UnaryOperator.identity();
    private UnaryOperator<RetryPolicy> retry = UnaryOperator.identity();
    private Duration grace = Duration.ofSeconds(30);
    private @Nullable Duration pollInterval;
    private @Nullable Integer maxPayload;
    private InstantSource clock = InstantSource.system();
    private final List<JobQueueListener> listeners = new ArrayList<>();

    private record Registration(String type, JobHandler code, UnaryOperator<HandlerOptions> options) {}

    @Override
    public JobQueue.Builder store(JobStore store) {
        givenStore = requireNonNull(store, "store");
        opensStore = null;
        return this;
    }

    @Override
    public JobQueue.Builder store(Supplier<? extends JobStore> opens) {
        opensStore = requireNonNull(opens, "opens");
        givenStore = null;
        return this;
    }

    @Override
    public JobQueue.Builder handler(String type, JobHandler handler, UnaryOperator<HandlerOptions> options) {
        registrations.add(new Registration(
                requireNonNull(type, "type"), requireNonNull(handler, "handler"), requireNonNull(options, "options")));
        return this;
    }

    @Override
    public <T> JobQueue.Builder handler(
            JobType<T> type, TypedJobHandler<T> handler, UnaryOperator<HandlerOptions> options) {
        requireNonNull(handler, "handler");
        return handler(requireNonNull(type, "type").name(), Handler.typed(type, handler), options);
    }

    @Override
    public JobQueue.Builder queues(String... names) {
        queues = List.of(names);
        return this;
    }

    @Override
    public JobQueue.Builder nodeName(String name) {
        nodeName = requireNonNull(name, "name");
        return this;
    }

    @Override
    public JobQueue.Builder workers(int number) {
        workers = number;
        return this;
    }

    @Override
    public JobQueue.Builder virtualThreads() {
        virtualThreads = true;
        return this;
    }

    @Override
    public JobQueue.Builder deliveryCapacity(int jobs) {
        deliveryCapacity = jobs;
        return this;
    }

    @Override
    public JobQueue.Builder recovery(UnaryOperator<RecoveryOptions> options) {
        recovery = requireNonNull(options, "options");
        return this;
    }

    @Override
    public JobQueue.Builder lease(UnaryOperator<LeaseOptions> options) {
        lease = requireNonNull(options, "options");
        return this;
    }

    @Override
    public JobQueue.Builder retry(UnaryOperator<RetryPolicy> policy) {
        retry = requireNonNull(policy, "policy");
        return this;
    }

    @Override
    public JobQueue.Builder shutdownGrace(Duration time) {
        grace = requireNonNull(time, "time");
        return this;
    }

    @Override
    public JobQueue.Builder pollInterval(Duration interval) {
        pollInterval = requireNonNull(interval, "interval");
        return this;
    }

    @Override
    public JobQueue.Builder maxPayload(int bytes) {
        maxPayload = bytes;
        return this;
    }

    @Override
    public JobQueue.Builder clock(InstantSource source) {
        clock = requireNonNull(source, "source");
        return this;
    }

    @Override
    public JobQueue.Builder listener(JobQueueListener listener) {
        listeners.add(requireNonNull(listener, "listener"));
        return this;
    }

    @Override
    public JobQueue build() {
        return build(new RealPlatform(clock, virtualThreads));
    }

    /** Builds over another platform: for tests that hold time still. */
    JobQueue build(Platform platform) {
        Faults faults = new Faults();
        RetryPolicy ofQueue = faults.orElse(RetryPolicy.defaults(), () -> retry.apply(RetryPolicy.defaults()));
        Settings settings = new Settings(
                nodeName == null ? madeUpName(platform) : nodeName,
                nodeName == null,
                workers,
                deliveryCapacity,
                queues,
                new Handlers(handlers(faults, ofQueue)),
                faults.orElse(RecoveryOptions.defaults(), () -> recovery.apply(RecoveryOptions.defaults())),
                faults.orElse(LeaseOptions.defaults(), () -> lease.apply(LeaseOptions.defaults())),
                grace,
                Optional.ofNullable(pollInterval),
                maxPayload == null ? Settings.MAX_PAYLOAD : maxPayload,
                List.copyOf(listeners));
        check(settings, faults);
        faults.throwIfAny();

        JobStore store = opensStore == null ? requireNonNull(givenStore) : opened(opensStore);
        try {
            checkStore(store.traits());
            return QueueEngine.recovered(platform, store, opensStore != null, settings);
        } catch (Throwable e) {
            if (opensStore != null) {
                closeAfter(e, store);
            }
            throw e;
        }
    }

    private static String madeUpName(Platform platform) {
        return "node-" + Long.toHexString(platform.randomLong());
    }

    private Map<String, Handler> handlers(Faults faults, RetryPolicy ofQueue) {
        Map<String, Handler> handlers = new LinkedHashMap<>();
        for (Registration each : registrations) {
            String type = each.type();
            faults.check(() -> JobLimits.checkName("type", type));
            HandlerOptions options = faults.orElse(
                    HandlerOptions.defaults(), () -> each.options().apply(HandlerOptions.defaults()));
            RetryPolicy policy = faults.orElse(ofQueue, () -> options.retry(ofQueue));
            Handler handler = new Handler(type, each.code(), options, policy);
            register(handlers, type, handler, faults);
            options.aliases().forEach(alias -> register(handlers, alias, handler, faults));
        }
        return handlers;
    }

    private static void register(Map<String, Handler> handlers, String type, Handler handler, Faults faults) {
        if (handlers.putIfAbsent(type, handler) != null) {
            faults.add("type \"" + type + "\" must have one handler, but was given two (aliases count)");
        }
    }

    private void check(Settings settings, Faults faults) {
        if (givenStore == null && opensStore == null) {
            faults.add("a store is needed: call store(...), for example with SqliteJobStore or MemoryJobStore");
        }
        if (virtualThreads && Runtime.version().feature() < RealPlatform.VIRTUAL_THREADS_SINCE) {
            faults.add("virtual threads need Java " + RealPlatform.VIRTUAL_THREADS_SINCE + ", but this is Java "
                    + Runtime.version().feature() + "; leave out virtualThreads()");
        }
        faults.check(() -> JobLimits.checkName("nodeName", settings.nodeName()));
        faults.between("workers", 1, 10_000, settings.workers());
        faults.between("deliveryCapacity", 1, 100_000, settings.deliveryCapacity());
        faults.between("maxPayload", 1, Integer.MAX_VALUE, settings.maxPayload());
        faults.duration("shutdownGrace", Duration.ZERO, "zero or more", settings.grace());
        LeaseOptions chosen = settings.lease();
        if (chosen.renewal().multipliedBy(2).compareTo(chosen.length()) > 0) {
            faults.add("lease.renewal must be at most half of lease.length, which is " + chosen.length() + ", but was "
                    + chosen.renewal());
        }
        settings.pollInterval()
                .ifPresent(poll -> faults.duration("pollInterval", Duration.ofMillis(1), "1 ms or more", poll));
        if (queues.isEmpty() || Set.copyOf(queues).size() < queues.size()) {
            faults.add("queues must be at least one, each once, but was " + queues);
        }
        queues.forEach(queue -> faults.check(() -> JobLimits.checkName("queue", queue)));
    }

    private static JobStore opened(Supplier<? extends JobStore> opens) {
        JobStore store = opens.get();
        if (store == null) {
            throw new ConfigurationException(List.of("store(...) must open a store, but returned null"));
        }
        return store;
    }

    private void checkStore(StoreTraits traits) {
        Faults faults = new Faults();
        if (maxPayload != null && maxPayload > traits.maxPayload()) {
            faults.add("maxPayload must be at most " + traits.maxPayload() + " in " + traits.name() + ", but was "
                    + maxPayload);
        }
        faults.throwIfAny();
    }

    private static void closeAfter(Throwable failure, JobStore store) {
        try {
            store.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
