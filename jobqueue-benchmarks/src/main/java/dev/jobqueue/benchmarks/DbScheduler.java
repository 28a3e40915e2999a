package dev.jobqueue.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * db-scheduler on PostgreSQL. Of its settings, all are as they are but these:
 *
 * <ul>
 *   <li>threads: 16, as all have.
 *   <li>lock-and-fetch: "for lower overhead and higher throughput" (README, Polling strategy).
 *   <li>its fractions 4.0 and 20.0: the larger batches of its own benchmark of 20 threads (docs/performance.md).
 *   <li>immediate execution: else a job that is due at once waits for the next poll (README, Consider tuning).
 *   <li>no index on priority, which is off (README: the column is for those who enable it).
 * </ul>
 */
final class DbScheduler implements Contestant {
    private static final String TABLES = """
            create table scheduled_tasks (
                task_name text, task_instance text, task_data bytea, execution_time timestamptz not null,
                picked boolean not null, picked_by text, last_success timestamptz, last_failure timestamptz,
                consecutive_failures int, last_heartbeat timestamptz, version bigint not null, priority smallint,
                primary key (task_name, task_instance));
            create index on scheduled_tasks (execution_time);
            create index on scheduled_tasks (last_heartbeat)""";

    private final HikariDataSource pool;
    private final OneTimeTask<byte[]> task;
    private final Scheduler scheduler;
    private final AtomicLong ids = new AtomicLong();

    DbScheduler(Place place, Runnable handler) throws SQLException {
        pool = place.pool();
        Tables.create(pool, TABLES);
        task = Tasks.oneTime("work", byte[].class).execute((instance, context) -> handler.run());
        scheduler = Scheduler.create(pool, task)
                .threads(WORKERS)
                .pollUsingLockAndFetch(4.0, 20.0)
                .enableImmediateExecution()
                .build();
    }

    private TaskInstance<byte[]> next() {
        return task.instance(Long.toString(ids.incrementAndGet()), Contestant.payload());
    }

    @Override
    public void submit() {
        scheduler.schedule(next(), Instant.now());
    }

    @Override
    public void submitAll(int jobs) {
        for (int left = jobs; left > 0; left -= STORED_AT_ONCE) {
            List<TaskInstance<?>> some = new ArrayList<>();
            for (int i = 0; i < Math.min(STORED_AT_ONCE, left); i++) {
                some.add(next());
            }
            scheduler.scheduleBatch(some, Instant.now());
        }
    }

    @Override
    public void start() {
        scheduler.start();
    }

    /** A finished one is deleted. */
    @Override
    public void awaitFinished() throws SQLException, InterruptedException {
        Tables.awaitNone(pool, "select from scheduled_tasks limit 1");
    }

    @Override
    public void close() {
        scheduler.stop();
        pool.close();
    }
}
