package dev.jobqueue.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.JobQueue;
import dev.jobqueue.JobRequest;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.jdbc.PostgresJobStore;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/** This library. */
final class JobqueueQueue implements Contestant {
    private static final String TYPE = "work";

    private final JobQueue queue;
    private final Runnable closing;
    private final JobRequest request = JobRequest.of(TYPE, Contestant.payload());

    private JobqueueQueue(JobStore store, Runnable closing, Runnable handler, UnaryOperator<JobQueue.Builder> options) {
        this.closing = closing;
        this.queue = options.apply(JobQueue.builder())
                .store(() -> store)
                .handler(TYPE, job -> handler.run())
                .nodeName("benchmarks")
                .workers(WORKERS)
                .build();
    }

    static JobqueueQueue inMemory(Runnable handler) {
        return new JobqueueQueue(MemoryJobStore.create(), () -> {}, handler, UnaryOperator.identity());
    }

    static JobqueueQueue onSqlite(Place place, Runnable handler) {
        SqliteJobStore store = SqliteJobStore.open(Path.of(place.name()));
        return new JobqueueQueue(store, () -> {}, handler, UnaryOperator.identity());
    }

    /** All options as they are, and a listener that is told of each job's end. */
    static JobqueueQueue onPostgres(Place place, Runnable handler) {
        LongAdder completed = new LongAdder();
        return onPostgres(
                place,
                handler,
                builder -> builder.listener(event -> completed.add(event instanceof JobCompleted ? 1 : 0)));
    }

    /** The one option that docs/performance.md names for many short jobs: claims of up to 1,000, which may wait in memory. */
    static JobqueueQueue onPostgresForThroughput(Place place, Runnable handler) {
        return onPostgres(place, handler, builder -> builder.deliveryCapacity(1_000));
    }

    private static JobqueueQueue onPostgres(Place place, Runnable handler, UnaryOperator<JobQueue.Builder> options) {
        HikariDataSource pool = place.pool();
        JobStore store = PostgresJobStore.open(pool, chosen -> chosen.withSchema(place.name()));
        return new JobqueueQueue(store, pool::close, handler, options);
    }

    @Override
    public void submit() {
        queue.submit(request);
    }

    @Override
    public void submitAll(int jobs) {
        for (int left = jobs; left > 0; left -= STORED_AT_ONCE) {
            queue.submitAll(Collections.nCopies(Math.min(STORED_AT_ONCE, left), request));
        }
    }

    @Override
    public void start() {
        queue.start();
    }

    @Override
    public void awaitFinished() throws InterruptedException {
        if (!queue.awaitIdle(Duration.ofMinutes(5))) {
            throw new IllegalStateException("jobs are left after 5 minutes");
        }
    }

    @Override
    public void close() {
        queue.close();
        closing.run();
    }
}
