/** Durable stores over JDBC. */
module dev.jobqueue.store.jdbc {
    requires transitive dev.jobqueue.api;
    requires java.sql;
    requires static org.jspecify;
    requires org.xerial.sqlitejdbc;

    exports dev.jobqueue.store.jdbc;
}
