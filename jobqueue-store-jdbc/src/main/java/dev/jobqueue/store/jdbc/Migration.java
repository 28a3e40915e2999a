package dev.jobqueue.store.jdbc;

/** What a store does at its opening about tables that are missing or older than it needs. */
public enum Migration {
    /** It makes them, or brings them up to date. Its user needs the right to create tables. */
    CREATE,
    /** It refuses to open, and the message names the SQL files that are to be run; so a migration tool can own the schema. */
    VALIDATE
}
