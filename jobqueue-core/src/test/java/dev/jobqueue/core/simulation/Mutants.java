package dev.jobqueue.core.simulation;

import dev.jobqueue.core.simulation.Transformed.Fault;
import dev.jobqueue.core.simulation.Transformed.What;
import java.util.List;

/** The planted faults, each of which the simulation must catch; and what it says to one. */
final class Mutants {
    private static final String SHARED = "store.memory.SharedMembership";

    /** What each does wrong, and where that is planted. */
    record Mutant(String wrong, Fault fault) {}

    static final List<Mutant> ALL = List.of(
            // the store
            store("takes a result of another attempt", "store.Change", "holds", "attempt", What.SKIP),
            store("takes a result whatever stands there", "store.Change", "holds", "", What.YES),
            store("lets an ended node claim", SHARED, "claim", "isEmpty", What.FALSE),
            store("lets anybody take a name that is held", SHARED, "join", "equals", What.TRUE),
            store("ends whoever has run out", SHARED, "endAll", "filter", What.SKIP),
            store("never ends who is silent", SHARED, "endAll", "", What.NOTHING),
            store("renews no lease", SHARED, "heartbeat", "renew", What.SKIP),
            store("leaves a lease that is too far ahead", "store.memory.Lease", "cut", "", What.NOTHING),
            store("takes live nodes' jobs for orphans", SHARED, "withLive", "map", What.SKIP),
            store("claims and does not write it", "store.memory.Jobs", "claim", "become", What.SKIP),
            store("applies and does not write it", "store.memory.Jobs", "apply", "become", What.SKIP),
            store("stores an id twice", "store.memory.Jobs", "insert", "containsKey", What.FALSE),
            store("keeps who has left", SHARED, "close", "ifPresent", What.SKIP),
            // membership
            engine("begins what another may have by now", "membership.Member", "mayBegin", "", What.YES),
            engine("works on when its lease is over", "membership.Member", "isLive", "", What.YES),
            engine("watches on though late itself", "membership.Member", "runOnce", "forget", What.SKIP),
            engine("ends who is silent at once", "membership.Silence", "over", "isZero", What.TRUE),
            engine("never comes back once expired", "membership.Member", "joinAnew", "", What.NOTHING),
            engine("does not rescue whom it ends", "membership.Member", "answered", "othersEnded", What.SKIP),
            engine("does not leave", "membership.Member", "leave", "close", What.SKIP),
            engine("does not name whom it replaces", "membership.Membership", "takeOver", "replacing", What.SKIP),
            engine("comes back in a newer one's place", "membership.Membership", "rejoin", "remove", What.TRUE),
            // recovery
            engine("recovers what is no orphan", "recovery.Orphans", "recover", "orphans", What.SKIP),
            engine("does not recover at build", "recovery.Recovery", "recover", "recover", What.SKIP),
            engine("does not rescue", "recovery.Rescue", "runOnce", "recover", What.SKIP),
            engine("does not count what it recovered", "recovery.Orphans", "settle", "recovered", What.SKIP),
            engine("starts again without joining", "QueueEngine", "start", "recover", What.SKIP),
            // dispatch
            engine("never compares", "dispatch.Dispatcher", "compareIfDue", "compare", What.SKIP),
            engine("takes a lost claim for not done", "dispatch.Dispatcher", "claim", "isOutcomeUnknown", What.FALSE),
            engine("takes the first comparison's word", "dispatch.Dispatcher", "compareIfDue", "toNanos", What.SKIP),
            engine("keeps what it lost on its way", "dispatch.Holdings", "compare", "release", What.SKIP),
            engine("tells no handler that its job is gone", "dispatch.Holdings", "compare", "stop", What.SKIP),
            engine("claims when its lease is over", "dispatch.Dispatcher", "claimIfDue", "isLive", What.TRUE),
            // work
            engine("begins what has ended", "delivery.HeldJob", "begin", "", What.YES),
            engine("hands on what is left when it stops", "work.Workers", "beginNoMore", "close", What.SKIP),
            engine("tries no job again", "work.Verdict", "failed", "maxFailures", What.SKIP),
            engine("takes a failure for a stop", "work.JobRunner", "result", "isReleased", What.TRUE),
            engine("ends no attempt by its timeout", "work.Timeouts", "timeOut", "end", What.FALSE),
            engine("forgets to wake a worker", "delivery.DeliveryQueue", "offer", "signal", What.SKIP),
            engine("counts what is done as open", "delivery.HeldJobs", "ended", "", What.NOTHING),
            // completion
            engine("takes its own result for another's", "completion.Completion", "settle", "isCompleted", What.FALSE),
            engine("takes a refused result for kept", "completion.Completion", "settle", "isApplied", What.TRUE),
            engine("holds what is settled", "completion.Completion", "settle", "run", What.SKIP),
            engine("wakes nobody to write a result", "completion.Completion", "add", "run", What.SKIP),
            // stop
            engine("does not compare when it stops", "Running", "stop", "compare", What.SKIP),
            engine("does not give back when it stops", "Running", "stop", "giveBack", What.SKIP),
            // clients
            engine("takes another's id for its own", "submission.StoreClient", "submissions", "isSame", What.TRUE),
            engine("says that a refused cancel was done", "submission.StoreClient", "change", "isApplied", What.TRUE),
            engine("denies a cancel whose answer was lost", "submission.StoreClient", "change", "equals", What.FALSE),
            engine("is idle while jobs wait", "Idleness", "await", "hasAny", What.FALSE));

    private Mutants() {}

    private static Mutant store(String wrong, String in, String method, String call, What what) {
        return new Mutant("the store " + wrong, new Fault(in, method, call, what));
    }

    private static Mutant engine(String wrong, String in, String method, String call, What what) {
        return new Mutant("a node " + wrong, new Fault("core." + in, method, call, what));
    }

    /** What the first seed that fails says; empty: none of so many fails. */
    static String caught(Mutant mutant, int seeds) {
        Transformed loader = new Transformed(mutant.fault());
        try {
            Object failure = loader.loadClass(Simulation.class.getName())
                    .getMethod("firstFailure", int.class)
                    .invoke(null, seeds);
            if (loader.planted() == 0) {
                throw new IllegalStateException("there is no such place: " + mutant.fault());
            }
            return (String) failure;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
