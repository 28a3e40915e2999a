package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that go wrong at the edges of their lives: closed, opened again, interrupted, asked by many, to wake a node. */
enum BrokenLives implements BrokenStore {
    WORKS_ALTHOUGH_IT_IS_CLOSED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public void close() {
                    // the fault
                }
            },
            "Close.refusesAnInsert",
            "Close.refusesAChange",
            "Close.refusesToFind",
            "Close.refusesToList",
            "Close.refusesToCount",
            "Close.refusesToBeJoined",
            "Close.refusesAClaimOfANodeThatIsIn",
            "Reopening.doesNotLetASessionOfBeforeClaim"),
    CANNOT_BE_CLOSED_TWICE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized void close() {
                    checkOpen();
                    super.close();
                }
            },
            "Close.mayBeCalledTwice"),
    FORGETS_ITS_TRAITS_WHEN_CLOSED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreTraits traits() {
                    checkOpen();
                    return super.traits();
                }
            },
            "Close.leavesTheTraitsKnown"),
    IS_NOT_DURABLE_THOUGH_IT_SAYS_SO(
            (clock, disk) -> new PlainStore(clock, new TreeMap<>()),
            "Reopening.findsAllThatAJobCanCarry",
            "Reopening.findsJobsInEveryStatus",
            "Reopening.findsEveryJobOfALongBatch",
            "Reopening.stillKnowsItsIds",
            "Reopening.goesOnCountingAttempts",
            "Reopening.makesOrphansOfAllThatWasProcessing",
            "Reopening.letsTheNextNodeInAtOnce"),
    CLEARS_THE_INTERRUPT_FLAG(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                synchronized void checkOpen() {
                    Thread.interrupted();
                    super.checkOpen();
                }
            },
            "Interrupts.leaveAnInsertWholeOrUndone",
            "Interrupts.leaveAChangeWholeOrUndone",
            "Interrupts.leaveAClaimWholeOrUndone",
            "Interrupts.leaveReadingPossible",
            "Interrupts.leaveMembershipPossible"),
    DIES_OF_AN_INTERRUPT(
            (clock, disk) -> new PlainStore(clock, disk) {
                /** As a {@code FileChannel} does. */
                @Override
                void put(Job job) {
                    if (Thread.currentThread().isInterrupted()) {
                        close();
                    }
                    checkOpen();
                    super.put(job);
                }
            },
            "Interrupts.leaveAnInsertWholeOrUndone",
            "Interrupts.inTheMidstOfCallsLoseNothing"),
    STORES_HALF_A_BATCH_WHEN_INTERRUPTED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                InsertOutcome insertOne(Job job) {
                    if (Thread.currentThread().isInterrupted() && disk.size() > 1) {
                        throw new StoreException("interrupted");
                    }
                    return super.insertOne(job);
                }
            },
            "Interrupts.leaveAnInsertWholeOrUndone"),
    SAYS_NOTHING_WAS_DONE_ALTHOUGH_IT_WAS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public List<ApplyOutcome> apply(List<Change> changes) {
                    List<ApplyOutcome> outcomes = super.apply(changes);
                    if (Thread.currentThread().isInterrupted()) {
                        throw new StoreException("interrupted");
                    }
                    return outcomes;
                }
            },
            "Interrupts.leaveAChangeWholeOrUndone"),
    LETS_TWO_THREADS_STORE_ONE_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                private final Map<JobId, Thread> storedBy = new ConcurrentHashMap<>();

                /** As if each thread had looked before the first one stored it. */
                @Override
                InsertOutcome insertOne(Job job) {
                    Thread first = storedBy.computeIfAbsent(job.id(), id -> Thread.currentThread());
                    InsertOutcome outcome = super.insertOne(job);
                    return first == Thread.currentThread() ? outcome : InsertOutcome.stored();
                }
            },
            "Concurrency.storesAJobOnceThatIsInsertedAtOnce"),
    DECLARES_THAT_IT_WAKES_NODES_AND_DOES_NOT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void wakeUp() {
                    // the fault
                }
            },
            "WakeUp.followsAnInsert",
            "WakeUp.followsARelease",
            "WakeUp.followsARetry",
            "WakeUp.followsARunAtThatIsAmended"),
    COUNTS_LATE(
            (clock, disk) -> new PlainStore(clock, disk) {
                private Optional<List<JobCount>> counted = Optional.empty();

                @Override
                public synchronized List<JobCount> counts(Set<JobStatus> statuses) {
                    counted = counted.or(() -> Optional.of(super.counts(statuses)));
                    return counted.get();
                }
            },
            "Counts.followEveryChange");

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenLives(Opener opener, String... caughtBy) {
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
