package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.Feature;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Keeps jobs in PostgreSQL, 13 or newer: durable, and shared by as many nodes as open it, in as many processes.
 *
 * <p>Connections are the host's, from its pool: a call takes one, and gives it back as it was. Its transaction is READ
 * COMMITTED and its commit waits for the disk, whatever the host's defaults are; the host's own transactions are not
 * touched.
 *
 * <p>Payloads are up to 16 MiB, batches up to 1,000 jobs. Thread-safe.
 */
public final class PostgresJobStore implements JobStore {
    private final PostgresNames names;
    private final StoreTraits traits;
    private final PostgresDatabase database;
    private final Kinds kinds = new Kinds();
    private final PostgresKinds numbers;
    private final PostgresWriter writer;
    private final PostgresWriter callersWriter;
    private final PostgresClaim claims;
    private final PostgresList lists;
    private final PostgresCounts counts;
    private final PostgresMembers members;
    private final PostgresPresent present;

    private PostgresJobStore(DataSource source, PostgresOptions options) {
        String here = UUID.randomUUID().toString();
        this.names = new PostgresNames(options);
        PostgresRows rows = new PostgresRows(new JobRows(kinds));
        this.database = new PostgresDatabase(source, names.store(), options.callBound());
        this.numbers = new PostgresKinds(names, kinds);
        String notify = "notify " + names.channel();
        this.writer = new PostgresWriter(names, kinds, notify + ", '" + here + "'; ");
        this.callersWriter = new PostgresWriter(names, kinds, notify + "; "); // heard here too, when it is committed
        this.claims = new PostgresClaim(names, kinds, rows);
        this.lists = new PostgresList(names, rows);
        this.counts = new PostgresCounts(names, kinds);
        this.members = new PostgresMembers(names, options.clock());
        this.traits = database.define("be opened", sql -> {
            new PostgresSchema(names, options.migration()).prepare(sql);
            numbers.load(sql);
            return traits(sql);
        });
        this.present = new PostgresPresent(
                traits.features().contains(Feature.WAKE_UP)
                        ? wakeUp -> PostgresListener.start(source, names.channel(), here, wakeUp)
                        : wakeUp -> () -> {});
    }

    private StoreTraits traits(PostgresTransaction sql) throws SQLException {
        StoreTraits found = StoreTraits.shared(names.store());
        if (PostgresListener.canListenOn(sql.connection())) {
            found = found.withFeatures(Set.of(Feature.WAKE_UP));
        }
        String fsync = sql.last("select current_setting('fsync')", none -> {}, row -> row.getString(1))
                .get(0);
        return fsync.equals("on") ? found.withDurability() : found;
    }

    /** Opens the store with the default options; see {@link #open(DataSource, UnaryOperator)}. */
    public static PostgresJobStore open(DataSource source) {
        return open(source, options -> options);
    }

    /**
     * Opens the store in the database of this source, and creates its tables or brings them up to date, unless the
     * options say otherwise.
     *
     * @param source gives connections with the rights to read and write the tables; stays the host's, and is not closed
     * @param options makes the options from the defaults
     * @throws dev.jobqueue.ConfigurationException if options are out of their range; the message names them all
     * @throws StoreException if the tables are missing or old and may not be made, are of a newer version or of something
     *     else, or the database can't be reached. The message says which, and what to do; nothing was changed
     */
    public static PostgresJobStore open(DataSource source, UnaryOperator<PostgresOptions> options) {
        return new PostgresJobStore(
                source, options.apply(PostgresOptions.defaults()).checked());
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    private final PostgresWriter.Steps steps = new PostgresWriter.Steps() {
        @Override
        public <T> T write(String call, PostgresTransaction.Work<T> work) {
            return database.write(call, work);
        }

        @Override
        public <T> T read(String call, PostgresTransaction.Work<T> work) {
            return database.read(call, work);
        }
    };

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        checkInsert(jobs);
        List<InsertOutcome> outcomes = writer.insert(steps, jobs, true);
        if (outcomes.contains(InsertOutcome.stored())) {
            present.wakeUp();
        }
        return outcomes;
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        checkApply(changes);
        List<ApplyOutcome> outcomes = writer.apply(steps, changes);
        if (PostgresWriter.makesPending(changes, outcomes)) {
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
            PostgresCallersWriter.check(connection);
        } catch (SQLException e) {
            throw PostgresFailure.notDone(names.store(), "write within a transaction", e);
        }
        return new PostgresCallersWriter(this, callersWriter, connection);
    }

    private void number(String call, Set<Kinds.Kind> named) {
        Set<Kinds.Kind> unknown = kinds.unknownOf(named);
        if (!unknown.isEmpty()) {
            database.write(call, sql -> numbers.number(sql, unknown));
        }
    }

    Claimed claim(Node node, int no, ClaimRequest request) {
        traits.checkClaim(request);
        number("claim", PostgresClaim.kinds(request));
        List<Job> claimed = database.write("claim", sql -> claims.run(sql, no, node, request));
        return claimed.size() < request.limit()
                ? afterwards(no, node, request, claimed)
                : Claimed.of(claimed, Optional.empty());
    }

    private Claimed afterwards(int no, Node node, ClaimRequest request, List<Job> claimed) {
        try {
            return database.read("claim", sql -> claims.shortOf(sql, no, node, request, claimed));
        } catch (StoreException e) {
            if (claimed.isEmpty()) {
                throw e;
            }
            return Claimed.of(claimed, Optional.of(request.now())); // they are claimed: come again to learn the rest
        }
    }

    @Override
    public Optional<Job> find(JobId id) {
        return reading("find", sql -> lists.find(sql, id));
    }

    @Override
    public JobPage list(JobQuery query) {
        traits.checkList(query);
        return PostgresList.isQuick(query)
                ? reading("list", sql -> lists.run(sql, query))
                : reporting("list", sql -> lists.run(sql, query));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("counts needs at least one status, but had none");
        }
        return reporting("counts", sql -> counts.run(sql, statuses));
    }

    private <T> T reading(String call, PostgresTransaction.Work<T> work) {
        return database.read(call, sql -> knowingKinds(sql, work));
    }

    private <T> T reporting(String call, PostgresTransaction.Work<T> work) {
        return database.report(call, sql -> knowingKinds(sql, work));
    }

    /** Reads once more, if another process has added a kind meanwhile. */
    private <T> T knowingKinds(PostgresTransaction sql, PostgresTransaction.Work<T> work) throws SQLException {
        try {
            return work.run(sql);
        } catch (Kinds.UnknownKindException e) {
            numbers.load(sql);
            return work.run(sql);
        }
    }

    @Override
    public StoreSession join(JoinRequest request) {
        int no = database.write("join", sql -> members.join(sql, request));
        PostgresSession session = new PostgresSession(this, request, no);
        present.add(session);
        return session;
    }

    Heartbeat heartbeat(PostgresSession session, int no, Duration most, Set<Lapse> silent) {
        Heartbeat beat = database.write("heartbeat", most, sql -> members.heartbeat(sql, no, silent));
        if (beat.ended().isPresent()) {
            present.remove(session);
        }
        return beat;
    }

    void leave(PostgresSession session, int no) {
        present.remove(session);
        database.write("leave", sql -> members.leave(sql, no));
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
