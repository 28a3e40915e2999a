package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A plain store with one fault, and the clauses that must catch it, such as {@code Insert.storesWhatItAcknowledges}. */
interface BrokenStore {
    /** How a broken store is made. */
    interface Opener {
        PlainStore open(MovableClock clock, Map<JobId, Job> disk);
    }

    String name();

    Opener opener();

    List<String> caughtBy();

    static Stream<BrokenStore> all() {
        return Stream.of(
                        BrokenInserts.values(),
                        BrokenChanges.values(),
                        BrokenClaims.values(),
                        BrokenLists.values(),
                        BrokenMemberships.values(),
                        BrokenNodes.values(),
                        BrokenLeases.values(),
                        BrokenLives.values())
                .flatMap(Arrays::stream);
    }

    static BrokenStore named(String name) {
        return all().filter(store -> store.name().equals(name)).findFirst().orElseThrow();
    }
}
