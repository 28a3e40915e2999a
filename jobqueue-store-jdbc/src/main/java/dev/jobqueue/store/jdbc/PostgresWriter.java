package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The two writes. A caller's transaction differs from the store's own in how a step is run, and in little else. */
final class PostgresWriter {
    /** A change that holds whenever it is looked at, and is missed whenever it is made, is tried no more often. */
    private static final int ROUNDS = 10;

    private final String store;
    private final PostgresInsert insert;
    private final PostgresApply apply;
    private final PostgresPlaces places;

    PostgresWriter(PostgresNames names, Kinds kinds, String notification) {
        this.store = names.store();
        this.insert = new PostgresInsert(names, kinds, notification);
        this.apply = new PostgresApply(names, kinds, notification);
        this.places = new PostgresPlaces(names);
    }

    /** Runs one step: in a transaction of its own, or in the caller's. */
    interface Steps {
        <T> T write(String call, PostgresTransaction.Work<T> work);

        <T> T read(String call, PostgresTransaction.Work<T> work);
    }

    List<InsertOutcome> insert(Steps steps, List<Job> jobs, boolean alone) {
        return steps.write("insert", sql -> alone ? insert.run(sql, jobs) : insert.runWithin(sql, jobs));
    }

    /** Whether a job may have become claimable. */
    static boolean makesPending(List<Change> changes, List<ApplyOutcome> outcomes) {
        for (int i = 0; i < changes.size(); i++) {
            if (outcomes.get(i).isApplied()
                    && PostgresChange.of(i, changes.get(i)).makesPending()) {
                return true;
            }
        }
        return false;
    }

    /** Makes the changes; asks where those jobs are whose change was missed; and makes once more what holds there. */
    List<ApplyOutcome> apply(Steps steps, List<Change> changes) {
        @Nullable ApplyOutcome[] outcomes = new ApplyOutcome[changes.size()];
        List<PostgresChange> open = new ArrayList<>();
        for (int no = 0; no < changes.size(); no++) {
            open.add(PostgresChange.of(no, changes.get(no)));
        }
        boolean someApplied = false;
        for (int round = 0; !open.isEmpty(); round++) {
            try {
                if (round == ROUNDS) {
                    throw new StoreException("store " + store + " cannot apply: its jobs keep changing; try again");
                }
                List<PostgresChange> trying = open;
                for (List<PostgresChange> group : PostgresApply.groups(trying)) {
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
    private List<PostgresChange> missed(Steps steps, List<PostgresChange> tried, @Nullable ApplyOutcome[] outcomes) {
        List<PostgresChange> missed =
                tried.stream().filter(one -> outcomes[one.no()] == null).toList();
        if (missed.isEmpty()) {
            return missed;
        }
        Map<JobId, PostgresPlaces.Place> found = steps.read(
                "apply",
                sql -> places.find(
                        sql, missed.stream().map(one -> one.change().id()).toList()));
        List<PostgresChange> again = new ArrayList<>();
        for (PostgresChange one : missed) {
            PostgresPlaces.Place place = found.get(one.change().id());
            if (place == null) {
                outcomes[one.no()] = ApplyOutcome.missing();
            } else if (place.holds(one.change())) {
                again.add(new PostgresChange(one.no(), one.change(), place.lease()));
            } else {
                outcomes[one.no()] = ApplyOutcome.stale(place.status(), place.attempt());
            }
        }
        return again;
    }
}
