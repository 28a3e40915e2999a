package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;

/**
 * The contract of a store, as properties: whatever is done to it, in whatever order, it does what a small model says.
 * Extend it, say how the store is opened, and run it beside {@link JobStoreContract}.
 *
 * <pre>{@code
 * class MyStorePropertiesTest extends JobStoreProperties {
 *     @Override protected JobStore openEmpty(MovableClock clock) {
 *         return MyStore.open(newFile(), clock);
 *     }
 * }
 * }</pre>
 */
public abstract class JobStoreProperties {
    /** For the author's subclass. */
    protected JobStoreProperties() {}

    /**
     * Opens a store that holds no job. Called over and over, some hundred times in all, and each time for a new, empty
     * store: a store of files needs a new file each time. The kit closes what it opened.
     *
     * @param clock the store's time, as in {@link JobStoreContract#open}
     */
    protected abstract JobStore openEmpty(MovableClock clock);

    /** How long the kit waits for the threads of a property, before it says that they hang. Default: 30 s. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /**
     * Inserts, claims, changes of every kind from what was seen last or long ago, joins and leaves: after each of them the
     * store holds what the model holds. So a status is reached by the rules alone, attempts never go down, no job is lost
     * or made up, and final jobs stay as they are.
     */
    @Property(tries = 100)
    void doesWhatTheModelDoes(@ForAll("steps") List<Step> steps) {
        MovableClock clock = new MovableClock();
        try (JobStore store = openEmpty(clock)) {
            new ModelWalk(store, clock).take(steps);
        }
    }

    /**
     * Several threads do all that at once: each step that was acknowledged lies on one path along the rules. So no two
     * claims share an attempt, no status is left twice at one attempt, and COMPLETED and CANCELLED never.
     */
    @Property(tries = 30, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void leadsEachJobAlongOnePath(@ForAll("threads") List<List<Step>> threads) throws Exception {
        MovableClock clock = new MovableClock();
        try (JobStore store = openEmpty(clock)) {
            new Turmoil(store, clock).run(threads, patience());
        }
    }

    /**
     * Nodes join under few names, replacing the holder or another, again and late; they renew, claim, leave, and end each
     * other for leases that they saw run out, or that were renewed since; the clock goes on and back: after each of them
     * those are live, and those jobs are orphans, that the model says.
     */
    @Property(tries = 100)
    void admitsAndEndsNodesAsTheModelDoes(@ForAll("membershipSteps") List<MembershipStep> steps) {
        MovableClock clock = new MovableClock();
        try (JobStore store = openEmpty(clock)) {
            new MembershipWalk(store, clock).take(steps);
        }
    }

    @Provide
    Arbitrary<List<MembershipStep>> membershipSteps() {
        return MembershipStep.any()
                .list()
                .ofMinSize(20)
                .ofMaxSize(100)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Step.any().list().ofMinSize(20).ofMaxSize(100).withSizeDistribution(RandomDistribution.uniform());
    }

    @Provide
    Arbitrary<List<List<Step>>> threads() {
        return Step.any()
                .list()
                .ofMinSize(20)
                .ofMaxSize(60)
                .withSizeDistribution(RandomDistribution.uniform())
                .list()
                .ofMinSize(2)
                .ofMaxSize(6);
    }
}
