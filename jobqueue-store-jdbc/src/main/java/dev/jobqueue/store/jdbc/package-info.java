/** Durable stores over JDBC: today {@link dev.jobqueue.store.jdbc.SqliteJobStore}, in one file. */
@NullMarked
package dev.jobqueue.store.jdbc;

import org.jspecify.annotations.NullMarked;
