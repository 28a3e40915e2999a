package dev.jobqueue.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr's open-source edition on PostgreSQL. Of its settings, all are as they are but these
 * (jobrunr.io/en/documentation/background-methods/background-job-server):
 *
 * <ul>
 *   <li>worker count: 16, as all have.
 *   <li>poll interval: 5 s instead of 15, since an idle server only begins at its next poll.
 *   <li>job requests instead of lambdas, which need no analysis of byte code at each submit (documentation/background-methods).
 * </ul>
 */
public final class JobRunrServer implements Contestant {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final BackgroundJobServer server;
    private final JobRequestScheduler scheduler;

    /** What is stored. */
    public record Work(String payload) implements JobRequest {
        @Override
        public Class<WorkHandler> getJobRequestHandler() {
            return WorkHandler.class;
        }
    }

    /** What JobRunr runs. */
    public static final class WorkHandler implements JobRequestHandler<Work> {
        private final Runnable handler;

        WorkHandler(Runnable handler) {
            this.handler = handler;
        }

        @Override
        public void run(Work work) {
            handler.run();
        }
    }

    JobRunrServer(Place place, Runnable handler) {
        pool = place.pool();
        JsonMapper json = new JacksonJsonMapper();
        PostgresStorageProvider storage = new PostgresStorageProvider(pool, place.name() + ".");
        storage.setJobMapper(new JobMapper(json));
        JobActivator activator = new JobActivator() {
            @Override
            public <T> T activateJob(Class<T> type) {
                return type.cast(new WorkHandler(handler));
            }
        };
        server = new BackgroundJobServer(
                storage,
                json,
                activator,
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(WORKERS)
                        .andPollInterval(POLL_INTERVAL));
        scheduler = new JobRequestScheduler(storage);
    }

    @Override
    public void submit() {
        scheduler.enqueue(new Work(TEXT));
    }

    /** It makes batches of its own. */
    @Override
    public void submitAll(int jobs) {
        scheduler.enqueue(Stream.generate(() -> new Work(TEXT)).limit(jobs));
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void awaitFinished() throws SQLException, InterruptedException {
        Tables.awaitNone(pool, "select from jobrunr_jobs where state <> 'SUCCEEDED' limit 1");
    }

    @Override
    public void close() {
        server.stop();
        pool.close();
    }
}
