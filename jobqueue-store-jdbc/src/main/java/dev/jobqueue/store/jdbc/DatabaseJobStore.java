package dev.jobqueue.store.jdbc;

import dev.jobqueue.JobHandler;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JobWriter;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Keeps jobs in tables that many nodes share; each database has its own way with them. Thread-safe. */
abstract class DatabaseJobStore implements JobStore {
    private final Database database;
    private final StoreTraits traits;
    private final Kinds kinds;
    private final Tables tables;
    private final Present present;

    DatabaseJobStore(Database database, StoreTraits traits, Kinds kinds, Tables tables, Present present) {
        this.database = database;
        this.traits = traits;
        this.kinds = kinds;
        this.tables = tables;
        this.present = present;
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    private final Writer.Steps steps = new Writer.Steps() {
        @Override
        public <T> T write(String call, Transaction.Work<T> work) {
            return database.write(call, work);
        }

        @Override
        public <T> T read(String call, Transaction.Work<T> work) {
            return database.read(call, work);
        }
    };

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        checkInsert(jobs);
        List<InsertOutcome> outcomes = tables.writer().insert(steps, jobs, true);
        if (outcomes.contains(InsertOutcome.stored())) {
            present.wakeUp();
        }
        return outcomes;
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        checkApply(changes);
        List<ApplyOutcome> outcomes = tables.writer().apply(steps, changes);
        if (Writer.makesPending(changes, outcomes)) {
            present.wakeUp();
        }
        return outcomes;
    }

    /** Refuses what is never to be stored; of what may, each kind has a number then. */
    void checkInsert(List<Job> jobs) {
        traits.checkInsert(jobs);
        number("insert", Kinds.of(jobs));
    }

    /** The same of changes. */
    void checkApply(List<Change> changes) {
        traits.checkApply(changes);
        number("apply", Kinds.ofChanged(changes));
    }

    /**
     * The two writes inside a transaction of the host's: a job exists if and only if that commits, and is not run before;
     * a job is COMPLETED if and only if that commits.
     *
     * <p>The transaction must be READ COMMITTED, on a connection with auto-commit off, to the database of this store.
     * Settings, time-outs and the commit are the host's. Complete last: what was changed stays locked until the commit.
     * A change that does not hold is an outcome and no exception: look at it, and roll back. After a
     * {@link StoreException} only a rollback is left. A type or queue that is new to the store is numbered in a
     * transaction of its own, for which a second connection is taken once.
     *
     * @return to be used by the connection's thread, until its transaction ends
     * @throws IllegalArgumentException if the connection is in auto-commit, or its transactions are not READ COMMITTED
     * @throws StoreException if the connection does not answer, or the store is closed
     */
    public JobWriter within(Connection connection) {
        database.checkOpen("write within a transaction");
        try {
            CallersWriter.check(connection);
        } catch (SQLException e) {
            throw database.notDone("write within a transaction", e);
        }
        return new CallersWriter(this, tables.callersWriter().get(), connection);
    }

    /**
     * A handler that runs this one in a transaction of its own on the store's database: it begins, calls, completes the job
     * last, and commits. So what the handler wrote and the job's COMPLETED are one commit, however often the job is run: an
     * attempt that has ended meanwhile commits nothing.
     *
     * <pre>{@code
     * builder.handler("invoice", store.transactional((job, connection) -> insertInvoice(connection, job.text())));
     * }</pre>
     *
     * <p>The connection is from the store's {@code DataSource}, is kept as long as the handler runs, and is given back as it
     * was: so the pool needs one for each worker, and about five besides for the queue itself. What the handler throws, and a
     * commit that fails, roll back and fail the attempt; if the answer to a commit is lost, what the store has decides. A job
     * that is to run again can't be completed, so {@code snooze} is refused: use {@link #within} for such a handler.
     */
    public JobHandler transactional(TransactionalHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return job -> database.commit(connection -> {
            handler.handle(job, connection);
            job.complete(within(connection));
        });
    }

    private void number(String call, Set<Kinds.Kind> named) {
        Set<Kinds.Kind> unknown = kinds.unknownOf(named);
        if (!unknown.isEmpty()) {
            database.write(call, sql -> tables.kindTable().number(sql, unknown));
        }
    }

    Claimed claim(Node node, int no, ClaimRequest request) {
        traits.checkClaim(request);
        number("claim", Lanes.kinds(request));
        return tables.claims().run(database, no, node, request);
    }

    @Override
    public Optional<Job> find(JobId id) {
        return reading("find", sql -> tables.lists().find(sql, id));
    }

    @Override
    public JobPage list(JobQuery query) {
        traits.checkList(query);
        return Conditions.isQuick(query)
                ? reading("list", sql -> tables.lists().run(sql, query))
                : reporting("list", sql -> tables.lists().run(sql, query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("counts needs at least one status, but had none");
        }
        return reporting("counts", sql -> tables.counts().run(sql, statuses));
    }

    private <T> T reading(String call, Transaction.Work<T> work) {
        return database.read(call, sql -> knowingKinds(sql, work));
    }

    private <T> T reporting(String call, Transaction.Work<T> work) {
        return database.report(call, sql -> knowingKinds(sql, work));
    }

    /** Reads once more, if another process has added a kind meanwhile. */
    private <T> T knowingKinds(Transaction sql, Transaction.Work<T> work) throws SQLException {
        try {
            return work.run(sql);
        } catch (Kinds.UnknownKindException e) {
            tables.kindTable().load(sql);
            return work.run(sql);
        }
    }

    @Override
    public StoreSession join(JoinRequest request) {
        int no = database.write("join", sql -> tables.members().join(sql, request));
        MemberSession session = new MemberSession(this, request, no);
        present.add(session);
        return session;
    }

    Heartbeat heartbeat(MemberSession session, int no, Duration most, Set<Lapse> silent) {
        Heartbeat beat =
                database.write("heartbeat", most, sql -> tables.members().heartbeat(sql, no, silent));
        if (beat.ended().isPresent()) {
            present.remove(session);
        }
        return beat;
    }

    void leave(MemberSession session, int no) {
        present.remove(session);
        database.write("leave", sql -> tables.members().leave(sql, no));
    }

    /** Where it is kept. */
    Database database() {
        return database;
    }

    /** How often the database was asked; for tests of what a call costs. */
    long roundTrips() {
        return database.roundTrips();
    }

    @Override
    public void close() {
        database.close();
        present.close();
    }

    @Override
    public String toString() {
        return traits.name();
    }
}
