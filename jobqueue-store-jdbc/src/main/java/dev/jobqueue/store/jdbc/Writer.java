package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two writes. A caller's transaction differs from the store's own in how a step is run, and in little else. */
final class Writer {
    /** A change that holds whenever it is looked at, and is missed whenever it is made, is tried no more often. */
    private static final int ROUNDS = 100;

    private final String store;
    private final Insert insert;
    private final Apply apply;
    private final Places places;

    Writer(String store, Insert insert, Apply apply, Places places) {
        this.store = store;
        this.insert = insert;
        this.apply = apply;
        this.places = places;
    }

    /** Stores new jobs. */
    interface Insert {
        /** In a transaction of its own. */
        List<InsertOutcome> run(Transaction sql, List<Job> jobs) throws SQLException;

        /** In any transaction: no id that is there already makes it fail. */
        List<InsertOutcome> runWithin(Transaction sql, List<Job> jobs) throws SQLException;
    }

    /** Applies changes that hold. */
    interface Apply {
        /** The changes in groups, each to be applied in a transaction of its own. */
        Collection<List<PlacedChange>> groups(List<PlacedChange> changes);

        /** The numbers of those of a group that were applied. Others, which hold or not, were missed. */
        List<Integer> run(Transaction sql, List<PlacedChange> group) throws SQLException;
    }

    /** Says where jobs are, for changes that were missed; all as it was at one moment. */
    interface Places {
        Map<JobId, Place> find(Transaction sql, Collection<JobId> ids) throws SQLException;
    }

    /**
     * Where a job is.
     *
     * @param lease the number of its lease, or 0
     */
    record Place(JobStatus status, int attempt, long lease) {
        boolean holds(Change change) {
            return status == change.from() && attempt == change.attempt();
        }
    }

    /** Runs one step: in a transaction of its own, or in the caller's. */
    interface Steps {
        <T> T write(String call, Transaction.Work<T> work);

        <T> T read(String call, Transaction.Work<T> work);
    }

    List<InsertOutcome> insert(Steps steps, List<Job> jobs, boolean alone) {
        return steps.write("insert", sql -> alone ? insert.run(sql, jobs) : insert.runWithin(sql, jobs));
    }

    /** Whether a job may have become claimable. */
    static boolean makesPending(List<Change> changes, List<ApplyOutcome> outcomes) {
        for (int i = 0; i < changes.size(); i++) {
            if (outcomes.get(i).isApplied()
                    && PlacedChange.of(i, changes.get(i)).makesPending()) {
                return true;
            }
        }
        return false;
    }

    /** Makes the changes; asks where those jobs are whose change was missed; and makes once more what holds there. */
    List<ApplyOutcome> apply(Steps steps, List<Change> changes) {
        @Nullable ApplyOutcome[] outcomes = new ApplyOutcome[changes.size()];
        List<PlacedChange> open = new ArrayList<>();
        for (int no = 0; no < changes.size(); no++) {
            open.add(PlacedChange.of(no, changes.get(no)));
        }
        boolean someApplied = false;
        for (int round = 0; !open.isEmpty(); round++) {
            try {
                if (round == ROUNDS) {
                    throw new StoreException("store " + store + " cannot apply: its jobs keep changing; try again");
                }
                List<PlacedChange> trying = open;
                for (List<PlacedChange> group : apply.groups(trying)) {
                    List<Integer> applied = steps.write("apply", sql -> apply.run(sql, group));
                    applied.forEach(no -> outcomes[no] = ApplyOutcome.applied());
                    someApplied |= !applied.isEmpty();
                }
                open = missed(steps, trying, outcomes);
            } catch (OutcomeUnknownException e) {
                throw e;
            } catch (StoreException e) {
                throw someApplied
                        ? new OutcomeUnknownException("store " + store + " applied a part of a batch, and then not", e)
                        : e;
            }
        }
        return List.of(Arrays.copyOf(outcomes, outcomes.length, ApplyOutcome[].class));
    }

    /** Those that were not applied although they hold, with the lease that has them; the others get their outcome. */
    private List<PlacedChange> missed(Steps steps, List<PlacedChange> tried, @Nullable ApplyOutcome[] outcomes) {
        List<PlacedChange> missed =
                tried.stream().filter(one -> outcomes[one.no()] == null).toList();
        if (missed.isEmpty()) {
            return missed;
        }
        Map<JobId, Place> found = steps.read(
                "apply",
                sql -> places.find(
                        sql, missed.stream().map(one -> one.change().id()).toList()));
        List<PlacedChange> again = new ArrayList<>();
        for (PlacedChange one : missed) {
            Place place = found.get(one.change().id());
            if (place == null) {
                outcomes[one.no()] = ApplyOutcome.missing();
            } else if (place.holds(one.change())) {
                again.add(new PlacedChange(one.no(), one.change(), place.lease()));
            } else {
                outcomes[one.no()] = ApplyOutcome.stale(place.status(), place.attempt());
            }
        }
        return again;
    }
}
