package dev.jobqueue.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobqueue.JobClient;
import dev.jobqueue.JobRequest;
import dev.jobqueue.Submission;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JobStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The nodes of a scenario, their database, the ledger, and this process, which submits and looks on. */
final class Cluster implements AutoCloseable {
    static final Duration BOUND = Duration.ofMinutes(2);

    /** What a queue has unless it is told otherwise. */
    static final Duration DEFAULT_LEASE = LeaseOptions.defaults().length();

    private static final Duration UNTIL_ARRIVED = Duration.ofMillis(300);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final Duration BETWEEN_COUNTS = Duration.ofMillis(50);
    private static final String US = "client";
    private static final int WORKERS = 8;

    private final Path folder;
    private final Server server;
    private final Place place;
    private final boolean isShort;
    private final Random random;
    private final PrintStream progress;
    private final Ledger ledger;
    private final History history;
    private final HikariDataSource pool;
    private final JobStore store;
    private final JobClient client;
    private final List<NodeJvm> nodes = new ArrayList<>();

    Cluster(Path folder, Server server, String schema, boolean isShort, long seed, PrintStream progress)
            throws IOException {
        this.folder = folder;
        this.server = server;
        this.place = server.place(schema);
        this.isShort = isShort;
        this.random = new Random(seed);
        this.progress = progress;
        this.ledger = Ledger.appendTo(ledgerFile(), US);
        this.history = new History(ledgerFile());
        this.pool = place.pool(US, 4);
        this.store = place.open(pool);
        this.client = JobClient.over(store);
    }

    private Path ledgerFile() {
        return folder.resolve("ledger");
    }

    /** The one in a long run, the other in a short one. */
    <T> T choose(T whenLong, T whenShort) {
        return isShort ? whenShort : whenLong;
    }

    /** A time or a rate, with its target: a short run is no place to judge it, on whatever machine this is. */
    Row timed(Row row) {
        return isShort ? row.onlyTold() : row;
    }

    Random random() {
        return random;
    }

    Server server() {
        return server;
    }

    Place place() {
        return place;
    }

    /** Where the ledger and the logs of the scenario are. */
    Path folder() {
        return folder;
    }

    /** It, for a scenario that {@linkplain Scenario#needsPostgres() needs} this one. */
    PostgresServer postgres() {
        return (PostgresServer) server;
    }

    JobClient client() {
        return client;
    }

    void say(String text) {
        progress.println("  " + text);
    }

    /** Starts nodes of these names, and waits until they run. */
    List<NodeJvm> start(Duration lease, String... names) throws IOException, InterruptedException {
        List<NodeJvm> started = new ArrayList<>();
        for (String name : names) {
            started.add(launch(lease, name));
        }
        for (NodeJvm node : started) {
            await(node.who() + " runs", () -> has(Entry.Kind.RUNNING, node));
        }
        return started;
    }

    /** Starts a node, and does not wait for it. */
    NodeJvm launch(Duration lease, String name) throws IOException {
        return launch(lease, name, WORKERS);
    }

    NodeJvm launch(Duration lease, String name, int workers) throws IOException {
        String who = name + "." + (nodes.size() + 1);
        NodeJvm node = NodeJvm.start(name, who, place, ledgerFile(), lease, workers, folder.resolve(who + ".log"));
        nodes.add(node);
        return node;
    }

    boolean has(Entry.Kind kind, NodeJvm node) {
        return history.of(kind, node.who()).findAny().isPresent();
    }

    /** Asks a node how it is. */
    boolean isHealthy(NodeJvm node) throws IOException, InterruptedException {
        long asked = Entry.microsNow();
        node.tell(NodeProcess.Order.TELL);
        await(node.who() + " answers", () -> answer(node, asked).isPresent());
        return answer(node, asked).orElseThrow().kind() == Entry.Kind.HEALTHY;
    }

    /** Asks a node again and again, until it is well. */
    void awaitHealth(NodeJvm node) throws IOException, InterruptedException {
        long limit = System.nanoTime() + BOUND.toNanos();
        while (!isHealthy(node)) {
            if (System.nanoTime() - limit > 0) {
                throw new IllegalStateException(node.who() + " does not get well; its log is " + node.log());
            }
            Pause.of(BETWEEN_COUNTS);
        }
    }

    private Optional<Entry> answer(NodeJvm node, long asked) {
        return Stream.concat(history.of(Entry.Kind.HEALTHY, node.who()), history.of(Entry.Kind.TROUBLED, node.who()))
                .filter(entry -> entry.micros() > asked)
                .findFirst();
    }

    /** Submits a job, and says so in the ledger. */
    JobId submit(JobRequest request) throws IOException {
        return submitAll(List.of(request)).get(0);
    }

    /** Submits jobs in one batch, and says so in the ledger. */
    List<JobId> submitAll(List<JobRequest> requests) throws IOException {
        List<JobId> ids =
                client.submitAll(requests).stream().map(Submission::id).toList();
        for (JobId id : ids) {
            ledger.write(Entry.Kind.ACCEPTED, id.toString(), 0);
        }
        return ids;
    }

    /** Submits short jobs from now on. */
    Load load(int perSecond, int longestMillis) {
        return Load.start(client, ledger, perSecond, longestMillis, new Random(random.nextLong()));
    }

    /** What the ledger said when it was last waited for. */
    History history() {
        return history;
    }

    /** Kills a node. Returns what is PROCESSING under it when all that it sent has reached the server. */
    Killed kill(NodeJvm node) throws InterruptedException {
        long micros = Entry.microsNow();
        node.kill();
        Pause.of(UNTIL_ARRIVED);
        JobFilter its = JobFilter.any().withStatuses(Set.of(JobStatus.PROCESSING));
        List<History.Run> jobs = client.list(JobQuery.of(its).withLimit(1_000)).jobs().stream()
                .filter(job -> job.owner().orElseThrow().startsWith(node.name() + "@"))
                .map(job -> new History.Run(job.id().toString(), job.attempt()))
                .toList();
        return new Killed(micros, jobs);
    }

    /** Waits until the jobs of a killed node run again. */
    void awaitRunAgain(Killed killed) throws IOException, InterruptedException {
        await(
                () -> killed.notRunAgain(history).stream()
                        .map(run -> client.find(JobId.parse(run.job())).orElseThrow())
                        .map(job -> job.info().toString())
                        .collect(Collectors.joining(", ", "these run again: ", "")),
                () -> killed.notRunAgain(history).isEmpty());
    }

    /**
     * Waits until this is so in the ledger.
     *
     * @throws IllegalStateException if it is not within two minutes
     */
    void await(String what, BooleanSupplier done) throws IOException, InterruptedException {
        await(() -> what, done);
    }

    private void await(Supplier<String> what, BooleanSupplier done) throws IOException, InterruptedException {
        long limit = System.nanoTime() + BOUND.toNanos();
        for (history.update(); !done.getAsBoolean(); history.update()) {
            if (System.nanoTime() - limit > 0) {
                throw new IllegalStateException("it did not come to pass that " + what.get() + "; see " + folder);
            }
            for (NodeJvm node : nodes) {
                node.checkGoesOn();
            }
            Pause.of(BETWEEN_LOOKS);
        }
    }

    /** Has all handlers return, until no job waits or runs, or the time is over. */
    void settle() throws IOException, InterruptedException {
        long limit = System.nanoTime() + BOUND.toNanos();
        while (open() > 0 && System.nanoTime() - limit < 0) {
            for (NodeJvm node : nodes) {
                node.tellIfAlive(NodeProcess.Order.GO);
            }
            Pause.of(BETWEEN_COUNTS);
        }
    }

    /** Settles all, and compares the ledger with the store. */
    Audit audit() throws IOException, InterruptedException {
        settle();
        history.update();
        return Audit.of(history, client);
    }

    private long open() {
        return client.counts(JobStatus.PENDING, JobStatus.PROCESSING).stream()
                .mapToLong(JobCount::jobs)
                .sum();
    }

    /** Kills what still runs. */
    @Override
    public void close() throws IOException {
        nodes.forEach(NodeJvm::close);
        store.close();
        pool.close();
        history.close();
        ledger.close();
    }
}
