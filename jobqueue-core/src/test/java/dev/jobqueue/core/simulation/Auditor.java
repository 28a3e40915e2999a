package dev.jobqueue.core.simulation;

import dev.jobqueue.JobContext;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a run keeps the promises: sees every store call as it is done and as it is answered, looks at the store itself,
 * and keeps the books of who submitted and what ran. Written against the register of invariants alone; asks nothing of the
 * engine. Numbers are the register's.
 */
final class Auditor {
    private final Scheduler scheduler;
    private final JobStore store;
    private final Members members;
    private final Edges edges;
    private final Duration renewal;
    private final Map<JobId, Book> books = new LinkedHashMap<>();
    private final Map<Process, Host> hosts = new LinkedHashMap<>();
    private final Duration lease;
    private final boolean shared;
    private long trouble = Host.NEVER;
    private boolean idle = true;
    private long idleUntil = Host.NEVER;

    Auditor(Scheduler scheduler, JobStore store, StoreClock clock, Duration lease, Duration renewal, boolean shared) {
        this.scheduler = scheduler;
        this.store = store;
        this.lease = lease;
        this.renewal = renewal;
        this.shared = shared;
        members = new Members(this, clock, renewal, shared);
        edges = new Edges(this);
    }

    Vanished wrong(int invariant, String what) {
        throw scheduler.fail("invariant " + invariant + ": " + what, null);
    }

    long now() {
        return scheduler.now();
    }

    Host host(Process process) {
        return hosts.computeIfAbsent(process, any -> new Host());
    }

    Book book(JobId id) {
        Book book = books.get(id);
        if (book == null) {
            throw wrong(1, "job " + Texts.id(id) + " was never stored");
        }
        return book;
    }

    Collection<Book> books() {
        return books.values();
    }

    Members members() {
        return members;
    }

    /** How late a thread may be that had been told to go on: it stands still, or its process does. */
    Duration slack() {
        return scheduler.longestStall.multipliedBy(4).plusMillis(50);
    }

    /** Something goes wrong with this process now, so that it needs more time. */
    void trouble(Process process, boolean hinders) {
        host(process).trouble = now();
        if (hinders) {
            busy(process, Duration.ZERO);
        }
        trouble = now();
    }

    /** One of its threads waits for a slow call for so long. */
    void busy(Process process, Duration time) {
        host(process).hindered = Math.max(host(process).hindered, now() + time.toNanos());
    }

    /** Whether a claim is of before its stop() began, or was made by a thread that had not heard of it yet. */
    boolean beganToStopSince(Process process, long claimed) {
        return host(process).stopping != Host.NEVER && host(process).stopping + slack().toNanos() >= claimed;
    }

    // ---- what the store does

    void inserted(Process process, List<Job> jobs, List<InsertOutcome> outcomes) {
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            Book before = books.get(job.id());
            Job there = peek(job.id());
            if (outcomes.get(i).isStored() == (before != null)) {
                throw wrong(
                        1,
                        "insert of " + Texts.id(job.id()) + " answered " + outcomes.get(i) + ", though "
                                + (before == null ? "it was not there" : "it was"));
            }
            if (before != null) {
                unchanged(before, there.info());
                continue;
            }
            if (there.info().status() != JobStatus.PENDING
                    || there.info().attempt() != 0
                    || there.info().owner().isPresent()
                    || !Arrays.equals(there.payload(), job.payload())) {
                throw wrong(2, "inserted as " + Texts.job(there.info()));
            }
            Book book = new Book(there.info(), job.payload());
            books.put(job.id(), book);
            becomes(book, there.info());
        }
    }

    void applied(Process process, List<Change> changes, List<ApplyOutcome> outcomes) {
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Book book = book(change.id());
            JobInfo before = book.known;
            JobInfo after = peek(change.id()).info();
            if (!outcomes.get(i).isApplied()) {
                unchanged(book, after);
                continue;
            }
            if (before.status() != change.from() || before.attempt() != change.attempt()) {
                throw wrong(2, change + " was applied to " + Texts.job(before));
            }
            edges.taken(process, book, before, after);
            becomes(book, after);
        }
    }

    private void becomes(Book book, JobInfo after) {
        book.known = after;
        book.changed = now();
        if (!allFinal()) {
            idleUntil = idle ? now() : idleUntil;
            idle = false;
        } else {
            idle = true;
        }
    }

    /** awaitIdle, which was called then, says that all is done: there must have been a moment at which it was. */
    void idle(long called) {
        if (!idle && idleUntil < called) {
            throw wrong(12, "awaitIdle says that all is done, but there are " + notFinal());
        }
    }

    private static boolean same(JobInfo one, JobInfo other) {
        return one.equals(other);
    }

    private void unchanged(Book book, JobInfo after) {
        if (!same(book.known, after)) {
            throw wrong(2, "a refused write changed " + book + " to " + Texts.job(after));
        }
    }

    private Job peek(JobId id) {
        return store.find(id).orElseThrow(() -> wrong(1, "job " + Texts.id(id) + " is gone"));
    }

    void claimed(Process process, Node node, ClaimRequest request, Claimed claimed, long sent) {
        Incarnation by = members.live(node, "claims");
        Host host = host(process);
        if (shared
                && sent > by.renewed + lease.toNanos() + slack().toNanos()
                && sent > process.pausedUntil + slack().toNanos()) {
            throw wrong(6, node + " claims, but has not renewed for " + Duration.ofNanos(sent - by.renewed));
        }
        if (!host.running && host.stopping == Host.NEVER) {
            throw wrong(5, node + " claims before start()");
        }
        for (Job job : claimed.jobs()) {
            Book book = book(job.id());
            JobInfo before = book.known;
            JobInfo after = peek(job.id()).info();
            if (before.status() != JobStatus.PENDING) {
                throw wrong(2, "claimed though it was " + book);
            }
            if (after.status() != JobStatus.PROCESSING || !after.owner().equals(Optional.of(node.text()))) {
                throw wrong(2, "claimed by " + node + ", and is " + Texts.job(after));
            }
            if (after.attempt() != before.attempt() + 1 || book.claims.containsKey(after.attempt())) {
                throw wrong(3, "claim leads from " + book + " to " + Texts.job(after));
            }
            if (before.runAt().isAfter(request.now())) {
                throw wrong(2, book + " is claimed at " + request.now() + ", before its run-at " + before.runAt());
            }
            if (!Arrays.equals(job.payload(), book.payload) || !same(job.info(), after)) {
                throw wrong(1, "claim answered " + job + ", but there is " + after);
            }
            book.claims.put(after.attempt(), new Book.Claim(process, by, now()));
            becomes(book, after);
        }
        bestFirst(request, claimed);
    }

    /** Slot by slot, and in each the order of claims; nothing that is due and was asked for is passed over. */
    private void bestFirst(ClaimRequest request, Claimed claimed) {
        List<JobInfo> jobs = claimed.jobs().stream().map(Job::info).toList();
        List<JobInfo> candidates = new ArrayList<>(jobs);
        for (Book book : books.values()) {
            if (book.known.status() == JobStatus.PENDING && !book.known.runAt().isAfter(request.now())) {
                candidates.add(book.known);
            }
        }
        candidates.sort(Comparator.comparing(JobInfo::priority)
                .thenComparing(JobInfo::runAt)
                .thenComparing(JobInfo::id));
        List<JobInfo> best = new ArrayList<>();
        for (ClaimSlot slot : request.slots()) {
            List<JobInfo> asked = candidates.stream()
                    .filter(job -> asksFor(slot, job) && !best.contains(job))
                    .limit(Math.min(slot.limit(), request.limit() - best.size()))
                    .toList();
            best.addAll(asked);
        }
        if (!best.equals(jobs)) {
            throw wrong(2, "claim " + request + " answered " + claimed + " where the best were " + best);
        }
    }

    private static boolean asksFor(ClaimSlot slot, JobInfo job) {
        return slot.queue().equals(job.queue())
                && slot.types().contains(job.type())
                && switch (slot.suspects()) {
                    case NONE -> !job.suspect();
                    case ONLY -> job.suspect();
                    default -> true;
                };
    }

    void joined(Process process, JoinRequest request) {
        members.joined(process, request);
    }

    void beat(Process process, Node node, Set<Lapse> silent, Heartbeat heartbeat, long sent) {
        members.beat(node, silent, heartbeat, sent);
    }

    void left(Node node) {
        members.left(node);
    }

    // ---- what the engine hears

    void renewed(Node node, long sent) {
        members.renewed(node, sent);
    }

    void heard(Node node, Heartbeat heartbeat, long sent) {
        members.heard(node, heartbeat, sent);
    }

    void arrived(Claimed claimed) {
        for (Job job : claimed.jobs()) {
            book(job.id()).claims.get(job.info().attempt()).arrived = now();
        }
    }

    void answered(List<Change> changes) {
        for (Change change : changes) {
            Book.Claim claim = book(change.id()).claims.get(change.attempt());
            if (change.from() == JobStatus.PROCESSING
                    && change.to().isPresent() // what is only amended, as a suspect is marked, is still held
                    && claim != null
                    && claim.process == scheduler.current().process) {
                claim.answered = now();
            }
        }
    }

    // ---- what the host does

    void building(Process process) {
        Host host = host(process);
        host.building = now();
        host.recovered = 0;
    }

    void built(Process process, Node node, RecoveryReport report) {
        Incarnation in = members.of(node);
        for (Book book : books.values()) {
            Incarnation owner = owner(book);
            if (owner != null && owner.ended <= in.joined && report.failed() == 0) {
                throw wrong(4, book + " is PROCESSING after build() of " + node + ", and its owner had ended");
            }
            if (owner == in) {
                throw wrong(5, book + " is PROCESSING under " + node + " before start()");
            }
        }
        Host host = host(process);
        host.built();
        if (host.trouble < host.building && report.recovered() != host.recovered) {
            throw wrong(4, report + " of " + process + ", but it put back " + host.recovered);
        }
    }

    /** Under whom the job is PROCESSING; null: it is not. */
    @Nullable
    Incarnation owner(Book book) {
        return book.known.status() == JobStatus.PROCESSING ? book.claim().by : null;
    }

    void starting(Process process) {
        Host host = host(process);
        host.running = true;
        host.started = now();
        host.building = now();
        host.recovered = 0;
    }

    void stopping(Process process) {
        Host host = host(process);
        host.running = false;
        host.stopping = now();
    }

    /** stop() or close() has returned. */
    void stopped(Process process) {
        Host host = host(process);
        if (calmSince(process, host.stopping)) {
            for (Book book : books.values()) {
                Incarnation owner = owner(book);
                if (owner != null && owner.process == process) {
                    throw wrong(11, book + " is PROCESSING although " + process + " has stopped");
                }
            }
            members.assertNoneOf(process);
        }
    }

    /** Whether nothing kept this process from what it had to do. */
    boolean calmSince(Process process, long time) {
        return host(process).trouble < time && process.pausedUntil < time;
    }

    void submitted(JobId id, byte[] payload) {
        Book book = books.get(id);
        if (book == null || store.find(id).isEmpty()) {
            throw wrong(1, "submit of " + Texts.id(id) + " returned, and it is not in the store");
        }
        if (!Arrays.equals(book.payload, payload)) {
            throw wrong(1, "submit of " + Texts.id(id) + " returned, and another job is in the store");
        }
        book.submitted = true;
    }

    void cancelAsked(JobId id) {
        book(id).cancelsAsked++;
    }

    void cancelled(JobId id, boolean done) {
        Book book = book(id);
        JobStatus status = book.known.status();
        if (!done && status == JobStatus.CANCELLED && book.cancelsAsked == 1) {
            throw wrong(9, "cancel of " + book + " was done, and answered " + done);
        }
        if (done ? status != JobStatus.CANCELLED : !status.isFinal() && !book(id).retryAsked) {
            throw wrong(9, "cancel of " + book(id) + " answered " + done);
        }
    }

    void retryAsked(JobId id) {
        book(id).retryAsked = true;
    }

    // ---- what handlers do

    void begins(Process process, JobContext job) {
        Book book = book(job.id());
        Book.Claim claim = book.claims.get(job.attempt());
        if (claim == null || claim.process != process || claim.arrived < 0) {
            throw wrong(6, process + " runs " + book + " at attempt " + job.attempt() + ", which it has not claimed");
        }
        if (claim.began >= 0) {
            throw wrong(3, "attempt " + job.attempt() + " of " + book + " is begun twice");
        }
        if (!Arrays.equals(job.payload(), book.payload) || !job.type().equals(book.known.type())) {
            throw wrong(1, "the handler of " + book + " is given another payload or type");
        }
        Host host = host(process);
        if (host.building > host.started) {
            throw wrong(5, book + " is begun by " + process + " before recovery is done");
        }
        if (!host.running && late(process, host.stopping)) {
            throw wrong(5, book + " is begun by " + process + " after its stop() began");
        }
        if (shared && late(process, claim.by.renewed + lease.toNanos())) {
            throw wrong(
                    6,
                    book + " is begun by " + claim.by.node + ", which has not renewed since "
                            + Duration.ofNanos(now() - claim.by.renewed));
        }
        Book.Claim before = book.claims.get(job.attempt() - 1);
        if (before != null && before.hasEnded(Book.How.RETURNED) && !mayRunAgain(before, book)) {
            throw wrong(
                    6,
                    book + " runs again, though attempt " + (job.attempt() - 1) + " had returned and nothing happened");
        }
        claim.began = now();
        claim.context = job;
    }

    private boolean late(Process process, long limit) {
        long slack = slack().toNanos();
        return now() > limit + slack && now() > process.pausedUntil + slack;
    }

    private boolean mayRunAgain(Book.Claim before, Book book) {
        return before.process.isGone()
                || !calmSince(before.process, before.at)
                || host(before.process).stopping >= before.began
                || before.by.end != null
                || Script.timeout(book.known.type()).isPresent();
    }

    void ends(JobContext job, Book.How how, Duration snooze) {
        Book.Claim claim = book(job.id()).claims.get(job.attempt());
        claim.ended = now();
        claim.how = how;
        claim.snooze = snooze;
    }

    // ---- what listeners are told

    void told(Process process, JobQueueEvent event) {
        if (event instanceof JobCompleted done) {
            JobInfo job = book(done.jobId()).known;
            if (job.status() != JobStatus.COMPLETED || job.attempt() != done.attempt()) {
                throw wrong(
                        1, process + " tells of attempt " + done.attempt() + " that it completed " + Texts.job(job));
            }
        } else if (event instanceof ResultRefused refused && refused.tried().equals("COMPLETE")) {
            ownResult(process, refused.jobId(), refused.attempt(), refused.standsAt());
        } else if (event instanceof ResultUnknown unknown && unknown.tried().equals("COMPLETE")) {
            ownResult(process, unknown.jobId(), unknown.attempt(), unknown.standsAt());
        } else if (event instanceof DutyFailed failed) {
            throw scheduler.fail(process + " tells of a fault of its own: " + failed, failed.cause());
        }
    }

    private void ownResult(Process process, JobId id, int attempt, String standsAt) {
        if (standsAt.equals("STALE: COMPLETED at attempt " + attempt)) {
            throw wrong(1, process + " takes its own result of " + Texts.id(id) + " for another's");
        }
    }

    // ---- now and then

    /** Looks at every node: has one that was taken for dead not come back? */
    void inspectNodes() {
        for (Map.Entry<Process, Host> each : hosts.entrySet()) {
            Process process = each.getKey();
            Host host = each.getValue();
            Incarnation last = members.lastOf(process);
            if (last != null && last.end == End.EXPIRED && host.running && !process.isGone()) {
                long since = Math.max(Math.max(last.ended, host.trouble), Math.max(process.pausedUntil, host.started));
                Duration bound = renewal.multipliedBy(2).plusSeconds(6).plus(slack());
                if (now() - since > bound.toNanos()) {
                    throw wrong(12, process + " was taken for dead, and has not come back");
                }
            }
        }
    }

    /** Looks at every job: has the store changed one unseen, is one held by nobody, has one been left? */
    void inspect() {
        for (Book book : books.values()) {
            if (book.known.status() == JobStatus.PROCESSING) {
                inspect(book);
            }
            Book.Claim claim = book.claim();
            if (claim != null && claim.began >= 0 && claim.ended < 0 && !claim.process.isGone()) {
                inspectRunning(book, claim);
            }
        }
    }

    /** A handler whose job was taken elsewhere must be told so. */
    private void inspectRunning(Book book, Book.Claim claim) {
        Process process = claim.process;
        long since =
                Math.max(Math.max(book.changed, claim.began), Math.max(host(process).hindered, process.pausedUntil));
        Duration bound = renewal.multipliedBy(2).plus(slack()).plusSeconds(1);
        if (owner(book) != claim.by
                && host(process).running
                && now() - since > bound.toNanos()
                && !claim.context.cancelled()) {
            throw wrong(11, "the handler of " + book + " in " + process + " is not told that it is gone");
        }
    }

    private void inspect(Book book) {
        Book.Claim claim = book.claim();
        Process process = claim.process;
        Host host = host(process);
        if (process.isGone() || !claim.by.isLive()) {
            long since = Math.max(lastTrouble(), claim.by.isLive() ? process.goneAt : claim.by.ended);
            Duration bound = lease.multipliedBy(claim.by.isLive() ? 4 : 2)
                    .plus(renewal.multipliedBy(3))
                    .plus(slack());
            if (isLeftBy(claim.by.endedBy, since)) {
                throw wrong(12, claim.by.endedBy + " has ended " + claim.by.node + ", and has not rescued " + book);
            }
            if (shared && someoneRunsSince(since) && now() - since > bound.toNanos()) {
                throw wrong(12, "nobody has rescued " + book + " for " + Duration.ofNanos(now() - since));
            }
        } else if (host.running && !claim.isHeld()) {
            long since = Math.max(
                    Math.max(claim.at, claim.answered),
                    Math.max(host.hindered, Math.max(process.pausedUntil, host.started)));
            Duration bound = renewal.multipliedBy(2)
                    .plus(Weather.CALL_BOUND)
                    .plus(slack())
                    .plusSeconds(1);
            if (now() - since > bound.toNanos()) {
                throw wrong(
                        11,
                        book + " is PROCESSING under " + process + ", which does not hold it, for "
                                + Duration.ofNanos(now() - since));
            }
        }
    }

    /** Who ends a node looks for its orphans at once. */
    private boolean isLeftBy(@Nullable Process rescuer, long since) {
        return rescuer != null
                && !rescuer.isGone()
                && host(rescuer).running
                && host(rescuer).started < since
                && now() - since > renewal.plus(slack()).plusSeconds(1).toNanos();
    }

    private long lastTrouble() {
        long last = trouble;
        for (Process process : hosts.keySet()) {
            last = Math.max(last, process.pausedUntil);
        }
        return last;
    }

    private boolean someoneRunsSince(long time) {
        for (Map.Entry<Process, Host> each : hosts.entrySet()) {
            if (each.getValue().running && !each.getKey().isGone() && each.getValue().started <= time) {
                return true;
            }
        }
        return false;
    }

    boolean allFinal() {
        for (Book book : books.values()) {
            if (!book.known.status().isFinal()) {
                return false;
            }
        }
        return true;
    }

    List<String> notFinal() {
        return books.values().stream()
                .filter(book -> !book.known.status().isFinal())
                .map(book -> book + " due " + book.known.runAt())
                .toList();
    }

    /** At the end: the store holds what the books say, and each job that is COMPLETED ran. */
    void last() {
        for (Map.Entry<JobId, Book> each : books.entrySet()) {
            Book book = each.getValue();
            if (!same(book.known, peek(each.getKey()).info())) {
                throw wrong(2, "changed unseen: " + book);
            }
            if (book.known.status() == JobStatus.COMPLETED && !book.claim().hasEnded(Book.How.RETURNED)) {
                throw wrong(6, book + " never ran to its end");
            }
        }
    }
}
