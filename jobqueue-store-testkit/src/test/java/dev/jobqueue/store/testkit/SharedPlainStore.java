package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Feature;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The plain store for many nodes: a row a node, which says until when it counts as alive, or how it ended. Each step that a
 * broken store does wrongly is a method of its own.
 */
class SharedPlainStore extends PlainStore {
    private static final Duration REMEMBERED = Duration.ofDays(1);

    final MovableClock clock;
    final Map<String, Row> rows;

    static final class Row {
        final JoinRequest request;
        Instant until;
        Optional<End> end = Optional.empty();
        Instant endedAt = Instant.MAX;

        Row(JoinRequest request) {
            this.request = request;
            this.until = Instant.MIN;
        }

        Node node() {
            return request.node();
        }

        Lapse lapse() {
            return Lapse.of(node(), until, request.lease());
        }
    }

    SharedPlainStore(MovableClock clock, Map<JobId, Job> disk) {
        this(clock, disk, new TreeMap<>());
    }

    /** The rows, too, are on the disk. */
    SharedPlainStore(MovableClock clock, Map<JobId, Job> disk, Map<String, Row> rows) {
        super(clock, disk);
        this.clock = clock;
        this.rows = rows;
    }

    @Override
    public StoreTraits traits() {
        return StoreTraits.shared("plain").withFeatures(Set.of(Feature.WAKE_UP));
    }

    @Override
    public synchronized StoreSession join(JoinRequest request) {
        checkOpen();
        dropOldEnds();
        checkMayJoin(request.node());
        holder(request.node().name())
                .filter(row -> !row.node().equals(request.node()))
                .ifPresent(row -> replace(row, request));
        Row row = new Row(request);
        renew(row);
        rows.put(request.node().text(), row);
        return session(request.node());
    }

    void dropOldEnds() {
        Set<String> owners = disk.values().stream()
                .flatMap(job -> job.info().owner().stream())
                .collect(Collectors.toSet());
        rows.values()
                .removeIf(row -> row.endedAt.isBefore(clock.instant().minus(REMEMBERED))
                        && !owners.contains(row.node().text()));
    }

    void checkMayJoin(Node node) {
        endOf(node).ifPresent(end -> {
            throw NotMemberException.ended(node, end);
        });
    }

    Optional<Row> holder(String name) {
        return rows.values().stream()
                .filter(row -> row.end.isEmpty() && row.node().name().equals(name))
                .findFirst();
    }

    void replace(Row holder, JoinRequest request) {
        if (!request.replaces().equals(Optional.of(holder.node()))) {
            throw new NameHeldException(holder.node());
        }
        end(holder, End.SUPERSEDED);
    }

    void end(Row row, End end) {
        row.end = Optional.of(end);
        row.endedAt = clock.instant();
    }

    Optional<End> endOf(Node node) {
        return Optional.ofNullable(rows.get(node.text())).flatMap(row -> row.end);
    }

    boolean isLive(String owner) {
        Row row = rows.get(owner);
        return row != null && row.end.isEmpty();
    }

    StoreSession session(Node node) {
        return new StoreSession() {
            @Override
            public Claimed claim(ClaimRequest request) {
                return claimOf(node, request);
            }

            @Override
            public Heartbeat heartbeat(Set<Lapse> silent) {
                return beat(node, silent);
            }

            @Override
            public void close() {
                leave(node);
            }
        };
    }

    synchronized Claimed claimOf(Node node, ClaimRequest request) {
        checkMember(node);
        return claim(node, request);
    }

    void checkMember(Node node) {
        if (!isLive(node.text())) {
            throw endOf(node)
                    .map(end -> NotMemberException.ended(node, end))
                    .orElseGet(() -> NotMemberException.unknown(node));
        }
    }

    synchronized Heartbeat beat(Node node, Set<Lapse> silent) {
        if (!isLive(node.text())) {
            return Heartbeat.of(Optional.of(endOf(node).orElse(End.SUPERSEDED)), clock.instant(), List.of());
        }
        Row mine = rows.get(node.text());
        renew(mine);
        rows.values().forEach(row -> cut(row, mine));
        silent.forEach(this::expire);
        return Heartbeat.of(Optional.empty(), clock.instant(), runOut(mine));
    }

    void renew(Row row) {
        row.until = clock.instant().plus(row.request.lease());
    }

    void cut(Row row, Row by) {
        cut(row, row.request.lease());
    }

    final void cut(Row row, Duration lease) {
        Instant longest = clock.instant().plus(lease);
        row.until = row.until.isAfter(longest) ? longest : row.until;
    }

    void expire(Lapse lapse) {
        Optional.ofNullable(rows.get(lapse.node().text()))
                .filter(row -> row.end.isEmpty() && row.lapse().equals(lapse) && hasRunOut(row))
                .ifPresent(row -> end(row, End.EXPIRED));
    }

    boolean hasRunOut(Row row) {
        return row.until.isBefore(clock.instant());
    }

    List<Lapse> runOut(Row seenBy) {
        return rows.values().stream()
                .filter(row -> row.end.isEmpty() && hasRunOut(row))
                .map(Row::lapse)
                .toList();
    }

    synchronized void leave(Node node) {
        if (isLive(node.text())) {
            end(rows.get(node.text()), End.LEFT);
        }
    }

    @Override
    boolean isOrphan(JobInfo job) {
        return job.status() == JobStatus.PROCESSING && !isLive(job.owner().orElseThrow());
    }

    @Override
    void wakeUp() {
        toWake().forEach(Runnable::run);
    }

    private synchronized List<Runnable> toWake() {
        return rows.values().stream()
                .filter(row -> row.end.isEmpty())
                .map(row -> row.request.wakeUp())
                .toList();
    }
}
