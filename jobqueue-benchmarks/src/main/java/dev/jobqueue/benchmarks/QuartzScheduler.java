package dev.jobqueue.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.jdbcjobstore.JobStoreTX;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.RAMJobStore;

/**
 * Quartz. On PostgreSQL with one durable job, and a trigger for each run of it: the least that it can store. In memory with
 * a job each, for there a trigger's end is looked for among all of its job's. Of its settings, all are as they are but these
 * (quartz-scheduler.org/documentation/quartz-2.3.0/configuration):
 *
 * <ul>
 *   <li>threadCount: 16, as all have (ConfigThreadPool).
 *   <li>batchTriggerAcquisitionMaxCount: 16, so that all threads are filled at once; it wants acquireTriggersWithinLock
 *       with a JDBC store (ConfigMain).
 *   <li>a pool of HikariCP instead of its own, as all have (ConfigDataSources).
 * </ul>
 */
final class QuartzScheduler implements Contestant {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final String DATA_SOURCE = "org.quartz.dataSource.pool.";

    private final Scheduler scheduler;
    private final @Nullable HikariDataSource pool;
    private final JobDetail work =
            JobBuilder.newJob(Work.class).withIdentity("work").storeDurably().build();
    private final AtomicLong ids = new AtomicLong();

    /** What Quartz runs. */
    static final class Work implements Job {
        private final Runnable handler;

        Work(Runnable handler) {
            this.handler = handler;
        }

        @Override
        public void execute(JobExecutionContext context) {
            handler.run();
        }
    }

    private QuartzScheduler(Properties properties, @Nullable HikariDataSource pool, Runnable handler)
            throws SchedulerException {
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(WORKERS));
        properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", Integer.toString(WORKERS));
        this.pool = pool;
        this.scheduler = new StdSchedulerFactory(properties).getScheduler();
        scheduler.setJobFactory((fired, by) -> new Work(handler));
        if (pool != null) {
            scheduler.addJob(work, true);
        }
    }

    static QuartzScheduler inMemory(Runnable handler) throws SchedulerException {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.jobStore.class", RAMJobStore.class.getName());
        return new QuartzScheduler(properties, null, handler);
    }

    static QuartzScheduler onPostgres(Place place, Runnable handler) throws Exception {
        HikariDataSource pool = place.pool();
        createTables(pool);
        Properties properties = new Properties();
        properties.setProperty("org.quartz.jobStore.class", JobStoreTX.class.getName());
        properties.setProperty("org.quartz.jobStore.driverDelegateClass", PostgreSQLDelegate.class.getName());
        properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        properties.setProperty("org.quartz.jobStore.dataSource", "pool");
        properties.setProperty(DATA_SOURCE + "provider", "hikaricp");
        properties.setProperty(DATA_SOURCE + "driver", "org.postgresql.Driver");
        properties.setProperty(DATA_SOURCE + "URL", place.url() + "&currentSchema=" + place.name());
        properties.setProperty(DATA_SOURCE + "maxConnections", Integer.toString(pool.getMaximumPoolSize()));
        return new QuartzScheduler(properties, pool, handler);
    }

    private static void createTables(HikariDataSource pool) throws IOException, SQLException {
        try (InputStream script = Scheduler.class.getResourceAsStream("impl/jdbcjobstore/tables_postgres.sql")) {
            if (script == null) {
                throw new IllegalStateException("Quartz brings no tables for PostgreSQL");
            }
            Tables.create(pool, new String(script.readAllBytes(), UTF_8));
        }
    }

    private Trigger next(JobDetail job) {
        JobDataMap data = new JobDataMap();
        data.put("payload", Contestant.payload());
        return TriggerBuilder.newTrigger()
                .withIdentity(Long.toString(ids.incrementAndGet()))
                .forJob(job)
                .usingJobData(data)
                .startNow()
                .build();
    }

    @Override
    public void submit() throws SchedulerException {
        if (pool == null) {
            JobDetail job = JobBuilder.newJob(Work.class).build();
            scheduler.scheduleJob(job, next(job));
        } else {
            scheduler.scheduleJob(next(work));
        }
    }

    @Override
    public void submitAll(int jobs) throws SchedulerException {
        for (int i = 0; i < jobs && pool == null; i++) {
            submit();
        }
        for (int left = jobs; left > 0 && pool != null; left -= STORED_AT_ONCE) {
            Set<Trigger> some = new HashSet<>();
            for (int i = 0; i < Math.min(STORED_AT_ONCE, left); i++) {
                some.add(next(work));
            }
            scheduler.scheduleJobs(Map.of(work, some), true);
        }
    }

    @Override
    public void start() throws SchedulerException {
        scheduler.start();
    }

    /** A trigger is removed when it has run. */
    @Override
    public void awaitFinished() throws Exception {
        if (pool != null) {
            Tables.awaitNone(pool, "select from qrtz_triggers limit 1");
            Tables.awaitNone(pool, "select from qrtz_fired_triggers limit 1");
        }
        while (!scheduler.getTriggerKeys(GroupMatcher.anyGroup()).isEmpty()
                || !scheduler.getCurrentlyExecutingJobs().isEmpty()) {
            Pause.of(BETWEEN_LOOKS);
        }
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown(true);
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
        if (pool != null) {
            pool.close();
        }
    }
}
