package dev.jobqueue.benchmarks;

import dev.jobqueue.benchmarks.Lab.Home;

/** All that is measured, by the name that a program is told. */
enum Entrant {
    JOBQUEUE_MEMORY("jobqueue", Home.MEMORY),
    JOBQUEUE_POSTGRES("jobqueue", Home.POSTGRES),
    JOBQUEUE_POSTGRES_THROUGHPUT("jobqueue set for throughput", Home.POSTGRES),
    JOBQUEUE_SQLITE("jobqueue", Home.FILE),
    EXECUTOR("limit: thread pool and map", Home.MEMORY),
    ONE_LOCK("limit: one lock", Home.MEMORY),
    TWO_UPDATES("limit: two updates a job", Home.POSTGRES),
    MOVED_ROWS("limit: rows that move", Home.POSTGRES),
    SHARED_INSERTS("limit: shared inserts", Home.POSTGRES),
    BARE_SQLITE("limit: plain JDBC", Home.FILE),
    DB_SCHEDULER("db-scheduler", Home.POSTGRES),
    JOBRUNR("JobRunr", Home.POSTGRES),
    QUARTZ_MEMORY("Quartz", Home.MEMORY),
    QUARTZ_POSTGRES("Quartz", Home.POSTGRES);

    private final String title;
    private final Home home;

    Entrant(String title, Home home) {
        this.title = title;
        this.home = home;
    }

    /** What a row calls it. */
    String title() {
        return title;
    }

    /** What kind of place it needs. */
    Home home() {
        return home;
    }

    /** Opens it at a place where nothing is. */
    Contestant open(Place place, Runnable handler) throws Exception {
        return switch (this) {
            case JOBQUEUE_MEMORY -> JobqueueQueue.inMemory(handler);
            case JOBQUEUE_POSTGRES -> JobqueueQueue.onPostgres(place, handler);
            case JOBQUEUE_POSTGRES_THROUGHPUT -> JobqueueQueue.onPostgresForThroughput(place, handler);
            case JOBQUEUE_SQLITE -> JobqueueQueue.onSqlite(place, handler);
            case EXECUTOR -> new ExecutorAndMap(handler);
            case ONE_LOCK -> new OneLock(handler);
            case TWO_UPDATES -> new TwoUpdates(place, handler);
            case MOVED_ROWS -> new MovedRows(place, handler);
            case SHARED_INSERTS -> new SharedInserts(place, handler);
            case BARE_SQLITE -> new BareSqlite(place, handler);
            case DB_SCHEDULER -> new DbScheduler(place, handler);
            case JOBRUNR -> new JobRunrServer(place, handler);
            case QUARTZ_MEMORY -> QuartzScheduler.inMemory(handler);
            case QUARTZ_POSTGRES -> QuartzScheduler.onPostgres(place, handler);
        };
    }
}
