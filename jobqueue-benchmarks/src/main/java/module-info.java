/** The measured claims. */
module dev.jobqueue.benchmarks {
    requires com.fasterxml.jackson.databind;
    requires com.github.kagkarlsson.scheduler;
    requires com.zaxxer.hikari;
    requires dev.jobqueue.api;
    requires dev.jobqueue.store.jdbc;
    requires dev.jobqueue.store.memory;
    requires embedded.postgres;
    requires java.management;
    requires java.sql;
    requires org.jobrunr.core;
    requires org.quartz;
    requires static org.jspecify;
}
