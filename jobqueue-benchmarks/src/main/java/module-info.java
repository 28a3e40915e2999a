/** The measured claims. */
module dev.jobqueue.benchmarks {
    requires dev.jobqueue.api;
    requires dev.jobqueue.store.jdbc;
    requires java.management;
    requires java.sql;
    requires static org.jspecify;
}
