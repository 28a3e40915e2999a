/** Small programs that run, each with one idea. */
module dev.jobqueue.examples {
    requires com.fasterxml.jackson.databind;
    requires dev.jobqueue.core;
    requires dev.jobqueue.store.jdbc;
    requires dev.jobqueue.store.memory;
    requires java.naming; // which its DataSource needs
    requires java.sql;
    requires jdk.httpserver;
    requires org.postgresql.jdbc;

    opens dev.jobqueue.examples to
            com.fasterxml.jackson.databind; // the values of TypedPayloads
}
