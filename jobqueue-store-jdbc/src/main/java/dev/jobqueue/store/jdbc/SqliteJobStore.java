package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.ExclusiveMembership;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps jobs in one file, in SQLite, inside the host's process: durable, and without a server.
 *
 * <p>What it acknowledged survives the end of the process and a loss of power (write-ahead log, synchronous=FULL). It is
 * exclusive: one process has the file open, once, and one node at a time is in. Beside {@code jobs.db} stand
 * {@code jobs.db.lock}, which says whose it is, and while it is open {@code jobs.db-wal} and {@code jobs.db-shm}, which
 * belong to it: copy or move the file only when the store is closed. Not for network file systems.
 *
 * <p>Payloads are up to 16 MiB, batches up to 1,000 jobs. A call waits up to 3 seconds for its turn, and up to 3 seconds
 * for another program's lock on the file; then it throws {@link StoreException}. Thread-safe; starts no thread.
 */
public final class SqliteJobStore implements JobStore {
    private static final String FIND = "select " + JobRows.JOB_AND_DETAIL + ", y.payload from job j"
            + " cross join payload y on y.no = j.no left join detail d on d.no = j.no where j.id = ?";

    private final StoreTraits traits;
    private final ExclusiveMembership membership;
    private final StoreFileLock lock;
    private final SqliteConnection writer;
    /** So that reads need not wait for writes. */
    private final SqliteConnection reader;
    /** So that short reads need not wait for long ones. */
    private final SqliteConnection reports;

    private final Kinds kinds = new Kinds();
    private final JobRows rows = new JobRows(kinds);

    private SqliteJobStore(SqliteFile file, StoreFileLock lock, InstantSource clock) {
        this.traits =
                StoreTraits.exclusive("sqlite " + file.name()).withDurability().withFeatures(Set.of(Feature.WAKE_UP));
        this.membership = new ExclusiveMembership(clock);
        this.lock = lock;
        this.writer = new SqliteConnection(file.name(), file::connect);
        this.reader = new SqliteConnection(file.name(), file::connect);
        this.reports = new SqliteConnection(file.name(), file::connect);
    }

    /** Opens the file's store on the system's clock; see {@link #open(Path, InstantSource)}. */
    public static SqliteJobStore open(Path file) {
        return open(file, InstantSource.system());
    }

    /**
     * Opens a store, and creates it if there is no file or an empty one. Its tables are brought up to date.
     *
     * @param file in a folder that exists
     * @param clock the store's time; it decides nothing about jobs
     * @throws StoreException if the file is in use by a store that is open, in this process or another; is a folder, not
     *     writable, damaged, no database, a database of something else, or a store of a newer version. The message says
     *     which, and what to do; nothing was changed, and nothing stays open
     */
    public static SqliteJobStore open(Path file, InstantSource clock) {
        SqliteFile store = SqliteFile.at(file);
        store.checkContent();
        StoreFileLock lock = StoreFileLock.take(store);
        SqliteJobStore opened = new SqliteJobStore(store, lock, clock);
        boolean ready = false;
        try {
            opened.prepare(store);
            ready = true;
            return opened;
        } finally {
            if (!ready) {
                opened.close();
            }
        }
    }

    private void prepare(SqliteFile file) {
        writer.write("be opened", sql -> {
            file.migrate(sql);
            return SqliteKinds.load(sql, kinds);
        });
    }

    /** Its connections, for tests of what they ran. */
    List<SqliteConnection> connections() {
        return List.of(writer, reader, reports);
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public List<InsertOutcome> insert(List<Job> jobs) {
        traits.checkInsert(jobs);
        Set<Kinds.Kind> unknown = kinds.unknownOf(Kinds.of(jobs));
        if (!unknown.isEmpty()) {
            writer.write("insert", sql -> SqliteKinds.add(sql, unknown));
            writer.read("insert", sql -> SqliteKinds.load(sql, kinds));
        }
        List<InsertOutcome> outcomes = writer.write("insert", sql -> new SqliteInsert(rows).run(sql, jobs));
        if (outcomes.contains(InsertOutcome.stored())) {
            membership.wakeUp();
        }
        return outcomes;
    }

    @Override
    public List<ApplyOutcome> apply(List<Change> changes) {
        traits.checkApply(changes);
        SqliteApply.Applied applied = writer.write("apply", sql -> new SqliteApply(rows).run(sql, changes));
        if (applied.pending()) {
            membership.wakeUp();
        }
        return applied.outcomes();
    }

    private Claimed claim(Node by, ClaimRequest request) {
        traits.checkClaim(request);
        return writer.write("claim", sql -> new SqliteClaim(kinds, rows).run(sql, by, request));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return reader.read(
                "find",
                sql -> sql.queryOne(FIND, parameters -> parameters.bytes(JobRows.bytes(id)), rows::readWithPayload)
                        .map(JobRows.Numbered::job));
    }

    @Override
    public JobPage list(JobQuery query) {
        traits.checkList(query);
        return query.filter().orphaned()
                ? membership.withHolder(live -> list(query, live))
                : list(query, Optional.empty());
    }

    private JobPage list(JobQuery query, Optional<Node> live) {
        SqliteConnection connection = SqliteList.isQuick(query) ? reader : reports;
        return connection.read("list", sql -> new SqliteList(kinds, rows).run(sql, query, live));
    }

    @Override
    public List<JobCount> counts(Set<JobStatus> statuses) {
        if (statuses.isEmpty()) {
            throw new IllegalArgumentException("counts needs at least one status, but had none");
        }
        return reports.read("counts", sql -> new SqliteCounts(kinds).run(sql, statuses));
    }

    @Override
    public StoreSession join(JoinRequest request) {
        writer.checkOpen("join");
        return membership.join(request, claim -> claim(request.node(), claim));
    }

    @Override
    public void close() {
        reader.close();
        reports.close();
        writer.close(); // the last one: it empties the log into the file
        lock.close();
    }

    @Override
    public String toString() {
        return traits.name();
    }
}
