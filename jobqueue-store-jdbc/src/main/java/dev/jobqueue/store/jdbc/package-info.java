/**
 * Durable stores over JDBC: {@link dev.jobqueue.store.jdbc.SqliteJobStore}, in one file, for one node; and {@link
 * dev.jobqueue.store.jdbc.PostgresJobStore} and {@link dev.jobqueue.store.jdbc.MariaDbJobStore}, on a server, for many.
 */
@NullMarked
package dev.jobqueue.store.jdbc;

import org.jspecify.annotations.NullMarked;
