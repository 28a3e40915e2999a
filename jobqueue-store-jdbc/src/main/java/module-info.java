/** Durable stores over JDBC. A host needs the driver of its own database only. */
module dev.jobqueue.store.jdbc {
    requires transitive dev.jobqueue.api;
    requires transitive java.sql;
    requires static org.jspecify;
    requires static org.xerial.sqlitejdbc;
    requires static org.postgresql.jdbc;
    requires static org.checkerframework.checker.qual;

    exports dev.jobqueue.store.jdbc;
}
