package dev.jobqueue.core.recovery;

import static dev.jobqueue.core.recovery.Recovering.TYPE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.Duty.Turn;
import dev.jobqueue.event.JobRecovered;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RescueTest {
    private final Recovering world = new Recovering();
    private final Set<JobId> refused = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private boolean away;
    private boolean shared;
    private boolean hidesOrphans;
    private int woken;

    /** Refuses some jobs, and is away at times. */
    private final ForwardingStore store = new ForwardingStore(world.store) {
        @Override
        protected <T> T call(String name, Supplier<T> made) {
            calls.add(name);
            if (away) {
                throw new StoreException("away");
            }
            return super.call(name, made);
        }

        @Override
        public JobPage list(JobQuery query) {
            return hidesOrphans ? JobPage.of(List.of(), Optional.empty()) : super.list(query);
        }

        @Override
        public StoreTraits traits() {
            return shared ? StoreTraits.shared("shared") : super.traits();
        }

        @Override
        public List<ApplyOutcome> apply(List<Change> changes) {
            if (changes.stream().map(Change::id).anyMatch(refused::contains)) {
                throw new IllegalArgumentException("no");
            }
            return super.apply(changes);
        }
    };

    private Rescue rescueAfterBuild() {
        boolean left = world.recover(store).failed() > 0;
        calls.clear();
        world.events.clear();
        return rescue(left);
    }

    private Rescue rescue(boolean left) {
        return new Rescue(
                world.platform, world.reporter(), store, world.options, LeaseOptions.defaults(), left, () -> woken++);
    }

    @Test
    void putsBackAnOrphanThatFailedAtBuild() {
        // given
        JobInfo orphan = world.left.orphan(TYPE);
        refused.add(orphan.id());
        Rescue rescue = rescueAfterBuild();
        refused.clear();
        // when
        Turn turn = rescue.runOnce();
        // then
        assertEquals(1, turn.done());
        assertEquals(JobStatus.PENDING, world.left.now(orphan.id()).status());
        assertEquals(List.of(new JobRecovered(orphan.id(), TYPE, 1, 1)), world.events(JobRecovered.class));
    }

    @Test
    void triesAgainAfterOneAndAHalfSecondsThenEverMoreRarely() {
        // given
        refused.add(world.left.orphan(TYPE).id());
        Rescue rescue = rescueAfterBuild();
        // when
        List<Duration> pauses = new ArrayList<>();
        for (int pass = 0; pass < 8; pass++) {
            pauses.add(rescue.runOnce().next());
        }
        // then
        assertEquals(
                List.of(1_500L, 3_000L, 6_000L, 12_000L, 24_000L, 48_000L, 60_000L, 60_000L),
                pauses.stream().map(Duration::toMillis).toList());
    }

    /** What other nodes leave when they die must not wait for the one orphan that is always refused. */
    @Test
    void looksOnceInTwoLeasesWhereOtherNodesMayDie() {
        // given
        shared = true;
        refused.add(world.left.orphan(TYPE).id());
        Rescue rescue = rescueAfterBuild();
        // when
        List<Duration> pauses = new ArrayList<>();
        for (int pass = 0; pass < 6; pass++) {
            pauses.add(rescue.runOnce().next());
        }
        refused.clear();
        pauses.add(rescue.runOnce().next());
        // then
        assertEquals(
                List.of(1_500L, 3_000L, 6_000L, 12_000L, 12_000L, 12_000L, 12_000L),
                pauses.stream().map(Duration::toMillis).toList());
    }

    @Test
    void looksForOrphansOfOtherNodesThoughItLeftNone() {
        // given: an orphan, as of a node that ended since
        shared = true;
        JobInfo orphan = world.left.orphan(TYPE);
        refused.add(orphan.id());
        rescueAfterBuild();
        refused.clear();
        Rescue rescue = rescue(false);
        // when
        Turn turn = rescue.runOnce();
        // then
        assertEquals(new Turn(1, Duration.ofSeconds(12)), turn);
        assertEquals(JobStatus.PENDING, world.left.now(orphan.id()).status());
        assertEquals(1, woken, "the dispatcher hears of it");
        assertEquals(new Turn(0, Duration.ofSeconds(12)), rescue.runOnce());
        assertEquals(1, woken);
    }

    @Test
    void hurriesAgainForTheNextThatIsLeft() {
        // given
        shared = true;
        refused.add(world.left.orphan(TYPE).id());
        Rescue rescue = rescueAfterBuild();
        rescue.runOnce();
        rescue.runOnce();
        hidesOrphans = true;
        rescue.runOnce();
        // when
        hidesOrphans = false;
        // then
        assertEquals(Duration.ofMillis(1_500), rescue.runOnce().next());
    }

    @Test
    void asksTheStoreNothingWhenNothingWasLeft() {
        // given
        world.left.orphan(TYPE);
        Rescue rescue = rescueAfterBuild();
        // when
        Turn turn = rescue.runOnce();
        // then
        assertEquals(List.of(), calls);
        assertTrue(turn.next().compareTo(Duration.ofHours(1)) >= 0);
    }

    @Test
    void restsWhenTheLastOrphanIsBack() {
        // given
        refused.add(world.left.orphan(TYPE).id());
        Rescue rescue = rescueAfterBuild();
        refused.clear();
        Duration rest = rescue.runOnce().next();
        calls.clear();
        // when
        rescue.runOnce();
        // then
        assertEquals(List.of(), calls);
        assertTrue(rest.compareTo(Duration.ofHours(1)) >= 0);
    }

    @Test
    void saysOnceThatTheStoreIsAwayAndOnceThatItIsBack() {
        // given
        refused.add(world.left.orphan(TYPE).id());
        Rescue rescue = rescueAfterBuild();
        refused.clear();
        away = true;
        // when
        Turn failing = rescue.runOnce();
        rescue.runOnce();
        away = false;
        Turn good = rescue.runOnce();
        // then
        assertEquals(0, failing.done());
        assertTrue(failing.next().compareTo(Duration.ofSeconds(5)) <= 0);
        assertEquals(1, good.done());
        assertEquals(1, world.events(StoreUnavailable.class).size());
        assertEquals(1, world.events(StoreAvailable.class).size());
        assertTrue(rescue.condition().problem().isEmpty());
    }

    @Test
    void takesNothingFromTheNodeThatIsIn() {
        // given: nobody has joined since, so what the earlier node holds is its own
        JobInfo held = world.left.orphan(TYPE);
        Rescue rescue = rescue(true);
        // when
        Turn turn = rescue.runOnce();
        // then
        assertEquals(0, turn.done());
        assertEquals(held, world.left.now(held.id()));
    }
}
