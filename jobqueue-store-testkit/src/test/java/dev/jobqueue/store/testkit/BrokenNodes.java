package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Stores for many nodes that go wrong about names, ends, or two nodes at once. */
enum BrokenNodes implements BrokenStore {
    ADMITS_ONE_NODE_ALTHOUGH_IT_SAYS_MANY(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                Optional<Row> holder(String name) {
                    return rows.values().stream()
                            .filter(row -> row.end.isEmpty())
                            .findFirst();
                }
            },
            "Names.areHeldSideBySide",
            "Names.areToldApartToTheLetter"),
    REPLACES_BLINDLY(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void replace(Row holder, JoinRequest request) {
                    end(holder, End.SUPERSEDED);
                }
            },
            "Names.areNotGivenToWhoNamesNobody",
            "Names.areNotGivenToWhoNamesAnother",
            "Names.areNotFreeWhenTheirHoldersLeaseHasRunOut",
            "Names.areGivenToOneOfManyThatJoinAtOnce",
            "Names.areGivenToOneOfManyThatReplaceTheHolderAtOnce"),
    FORGETS_TO_SUPERSEDE(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void end(Row row, End end) {
                    if (end != End.SUPERSEDED) {
                        super.end(row, end);
                    }
                }
            },
            "Names.areGivenToWhoNamesTheHolder",
            "Ends.areToldToTheirNode",
            "Ends.makeOrphansOfWhatTheirNodeHeld",
            "Nodes.letNoClaimTakeEffectOnceTheirNodeHasEnded"),
    SUPERSEDES_WHOEVER_IS_NAMED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                public synchronized StoreSession join(JoinRequest request) {
                    StoreSession session = super.join(request);
                    request.replaces().map(node -> rows.get(node.text())).ifPresent(row -> end(row, End.SUPERSEDED));
                    return session;
                }
            },
            "Names.endNobodyWhoHoldsAnother"),
    TAKES_A_NAME_FOR_FREE_WHEN_ITS_LEASE_HAS_RUN_OUT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                Optional<Row> holder(String name) {
                    return super.holder(name).filter(row -> !hasRunOut(row));
                }
            },
            "Names.areNotFreeWhenTheirHoldersLeaseHasRunOut"),
    NEVER_GIVES_A_NAME_AGAIN(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                Optional<Row> holder(String name) {
                    return rows.values().stream()
                            .filter(row -> row.node().name().equals(name))
                            .filter(row -> !row.end.equals(Optional.of(End.SUPERSEDED)))
                            .findFirst();
                }
            },
            "Names.areFreeOnceTheirHolderHasLeft",
            "Names.areFreeOnceTheirHolderHasExpired"),
    GIVES_A_NAME_TO_TWO_THREADS(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                private final Map<Node, Thread> joinedBy = new HashMap<>();

                /** As if each thread had looked before any other one joined. */
                @Override
                Optional<Row> holder(String name) {
                    return super.holder(name).filter(row -> joinedBy.get(row.node()) == Thread.currentThread());
                }

                @Override
                public synchronized StoreSession join(JoinRequest request) {
                    StoreSession session = super.join(request);
                    joinedBy.put(request.node(), Thread.currentThread());
                    return session;
                }
            },
            "Names.areGivenToOneOfManyThatJoinAtOnce",
            "Names.areGivenToOneOfManyThatReplaceTheHolderAtOnce"),
    CLAIMS_FOR_WHO_HAS_ENDED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void checkMember(Node node) {
                    // the fault
                }
            },
            "Names.areGivenToWhoNamesTheHolder",
            "Ends.areToldToTheirNode",
            "Ends.stayEndsWhenTheyAreForgotten",
            "Nodes.letNoClaimTakeEffectOnceTheirNodeHasEnded"),
    CLAIMS_AFTER_IT_ASKED_WHO_IS_LIVE(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                /** Down when the orphans of the node that ended have been listed. */
                private final CountDownLatch listed = new CountDownLatch(1);

                private final AtomicInteger claims = new AtomicInteger();

                @Override
                Claimed claimOf(Node node, ClaimRequest request) {
                    synchronized (this) {
                        checkMember(node);
                    }
                    if (claims.incrementAndGet() > 10) {
                        Patience.awaitOrGoOn(listed, 2_000);
                    }
                    return claim(node, request);
                }

                @Override
                public JobPage list(JobQuery query) {
                    JobPage page = super.list(query);
                    listed.countDown();
                    return page;
                }
            },
            "Nodes.letNoClaimTakeEffectOnceTheirNodeHasEnded"),
    LETS_AN_ENDED_INCARNATION_JOIN_AGAIN(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void checkMayJoin(Node node) {
                    // the fault
                }
            },
            "Ends.areNeverFollowedByAnotherJoin",
            "Ends.areRememberedWhileAJobIsProcessingUnderThem"),
    REVIVES_AN_ENDED_NODE_BY_ITS_LATE_HEARTBEAT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                synchronized Heartbeat beat(Node node, Set<Lapse> silent) {
                    Optional.ofNullable(rows.get(node.text())).ifPresent(row -> row.end = Optional.empty());
                    return super.beat(node, silent);
                }
            },
            "Ends.areToldToTheirNode",
            "Ends.areNotTakenBack",
            "Expiry.endsWhoWasWatched"),
    LEAVES_ALTHOUGH_IT_HAS_ENDED_OTHERWISE(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                synchronized void leave(Node node) {
                    Optional.ofNullable(rows.get(node.text())).ifPresent(row -> end(row, End.LEFT));
                }
            },
            "Ends.areNotTakenBack"),
    TAKES_THE_UNKNOWN_FOR_LIVE(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                boolean isLive(String owner) {
                    return rows.get(owner) == null || super.isLive(owner);
                }

                @Override
                synchronized Heartbeat beat(Node node, Set<Lapse> silent) {
                    return rows.containsKey(node.text())
                            ? super.beat(node, silent)
                            : Heartbeat.of(Optional.empty(), clock.instant(), List.of());
                }
            },
            "Ends.stayEndsWhenTheyAreForgotten"),
    FORGETS_AN_END_WHILE_ITS_JOBS_ARE_PROCESSING(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void dropOldEnds() {
                    rows.values()
                            .removeIf(
                                    row -> row.endedAt.isBefore(clock.instant().minusSeconds(86_400)));
                }
            },
            "Ends.areRememberedWhileAJobIsProcessingUnderThem"),
    JUDGES_ORPHANS_BY_THE_CLOCK(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                boolean isOrphan(JobInfo job) {
                    return job.owner()
                            .map(owner -> !isLive(owner) || hasRunOut(rows.get(owner)))
                            .orElse(false);
                }
            },
            "Ends.andNoClockMakeOrphans"),
    FINDS_NO_ORPHANS_OF_THE_EXPIRED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                boolean isOrphan(JobInfo job) {
                    return super.isOrphan(job)
                            && !Optional.ofNullable(rows.get(job.owner().orElseThrow()))
                                    .flatMap(row -> row.end)
                                    .equals(Optional.of(End.EXPIRED));
                }
            },
            "Ends.makeOrphansOfWhatTheirNodeHeld"),
    REFUSES_RESULTS_OF_ENDED_NODES(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                boolean holds(Change change, JobInfo now) {
                    return super.holds(change, now)
                            && !(isOrphan(now) && change.to().equals(Optional.of(JobStatus.COMPLETED)));
                }
            },
            "Ends.areNoMatterForLateResults"),
    GIVES_A_JOB_TO_TWO_NODES(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                /** What was claimed is written down late. */
                @Override
                Claimed claimOf(Node node, ClaimRequest request) {
                    List<Job> jobs;
                    synchronized (this) {
                        checkMember(node);
                        jobs = super.claim(node, request).jobs();
                        jobs.forEach(job -> disk.put(job.id(), job.withInfo(released(job.info()))));
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    synchronized (this) {
                        jobs.forEach(job -> disk.put(job.id(), job));
                    }
                    return Claimed.of(jobs, Optional.empty());
                }

                private JobInfo released(JobInfo job) {
                    return Change.release(job, clock.instant()).applyTo(job).orElseThrow();
                }
            },
            "Nodes.neverClaimTheSameJob"),
    RECOVERS_AN_ORPHAN_TWICE_AT_ONCE(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                private final Map<JobId, Thread> recoveredBy = new HashMap<>();

                /** As if each thread had looked before the first one recovered it. */
                @Override
                ApplyOutcome applyOne(Change change) {
                    Thread first = recoveredBy.computeIfAbsent(change.id(), id -> Thread.currentThread());
                    ApplyOutcome outcome = super.applyOne(change);
                    return first == Thread.currentThread() ? outcome : ApplyOutcome.applied();
                }
            },
            "Nodes.recoverEachOrphanOnce"),
    REFUSES_A_HEARTBEAT_WHILE_A_NODE_CLAIMS(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                private volatile boolean claiming;

                @Override
                synchronized Claimed claimOf(Node node, ClaimRequest request) {
                    claiming = true;
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    claiming = false;
                    return super.claimOf(node, request);
                }

                @Override
                Heartbeat beat(Node node, Set<Lapse> silent) {
                    if (claiming) {
                        throw new StoreException("the row is locked");
                    }
                    return super.beat(node, silent);
                }
            },
            "Nodes.doNotStandInEachOthersWay"),
    FORGETS_ITS_NODES_WHEN_IT_IS_CLOSED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                public StoreTraits traits() {
                    return super.traits().withDurability();
                }
            },
            "Reopening.keepsTheNodesOfASharedStore"),
    WAKES_ONE_NODE_OF_MANY(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void wakeUp() {
                    rows.values().stream()
                            .findFirst()
                            .ifPresent(row -> row.request.wakeUp().run());
                }
            },
            "WakeUp.reachesEveryNode");

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenNodes(Opener opener, String... caughtBy) {
        this.opener = opener;
        this.caughtBy = List.of(caughtBy);
    }

    @Override
    public Opener opener() {
        return opener;
    }

    @Override
    public List<String> caughtBy() {
        return caughtBy;
    }
}
