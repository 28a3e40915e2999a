package dev.jobqueue.store.testkit;

import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.Change;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One thing that may happen to a store. Jobs and sights are named by small numbers, so that steps meet each other. */
sealed interface Step {
    /** A job is inserted; perhaps its id is there already. */
    record Insert(int job, int priority, int delay) implements Step {}

    /** The node that is in claims; if none is, one that has ended does. */
    record Claim(int limit, int type) implements Step {}

    /** A change is made from something that was once seen of a job, and applied. */
    record Write(Kind kind, int job, int sight) implements Step {}

    /** A new node joins; naming the holder, or without. */
    record Join(boolean naming) implements Step {}

    /** The node that is in leaves. */
    record Leave() implements Step {}

    /** The clock moves on. */
    record Wait(int seconds) implements Step {}

    /** Steps of any kind, most of them about jobs. */
    static Arbitrary<Step> any() {
        Arbitrary<Integer> job = Arbitraries.integers().between(0, 2);
        Arbitrary<Integer> some = Arbitraries.integers().between(0, 3);
        Arbitrary<Step> insert = Combinators.combine(job, some, some).as(Insert::new);
        Arbitrary<Step> claim =
                Combinators.combine(job.map(limit -> limit + 1), job).as(Claim::new);
        Arbitrary<Step> write = Combinators.combine(
                        kinds(), job, Arbitraries.integers().between(0, 9))
                .as(Write::new);
        Arbitrary<Step> join = Arbitraries.of(true, true, false).map(Join::new);
        Arbitrary<Step> leave = Arbitraries.create(Leave::new);
        Arbitrary<Step> pause = some.map(Wait::new);
        return Arbitraries.frequencyOf(
                Tuple.of(4, insert),
                Tuple.of(8, claim),
                Tuple.of(14, write),
                Tuple.of(2, join),
                Tuple.of(1, leave),
                Tuple.of(3, pause));
    }

    /** What lets a job go on more often than what ends it, so that jobs come to later attempts. */
    private static Arbitrary<Kind> kinds() {
        return Arbitraries.frequency(
                Tuple.of(1, Kind.COMPLETE),
                Tuple.of(2, Kind.FAIL),
                Tuple.of(2, Kind.FAIL_AND_RETRY),
                Tuple.of(3, Kind.RETRY),
                Tuple.of(3, Kind.RECOVER),
                Tuple.of(1, Kind.QUARANTINE),
                Tuple.of(3, Kind.RELEASE),
                Tuple.of(1, Kind.SNOOZE),
                Tuple.of(1, Kind.CANCEL),
                Tuple.of(2, Kind.AMEND),
                Tuple.of(1, Kind.AMEND_PLACE),
                Tuple.of(3, Kind.REMOVE));
    }

    /** Every way to make a change. */
    enum Kind {
        COMPLETE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.complete(seen, now).withAttribute("result", "at " + now);
            }
        },
        FAIL {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.fail(seen, now, "failed at " + now);
            }
        },
        FAIL_AND_RETRY {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.failAndRetry(seen, now, now.plusSeconds(1), "busy at " + now);
            }
        },
        RETRY {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.retry(seen, now);
            }
        },
        RECOVER {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.recover(seen, now);
            }
        },
        QUARANTINE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.quarantine(seen, now, "it kept ending its process");
            }
        },
        RELEASE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.release(seen, now);
            }
        },
        SNOOZE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.snooze(seen, now, now.plusSeconds(2));
            }
        },
        CANCEL {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.cancel(seen, now);
            }
        },
        AMEND {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.amend(seen, now)
                        .withAttribute("seen at " + seen.attempt(), "at " + now)
                        .withMemo(new byte[] {(byte) now.getEpochSecond()});
            }
        },
        AMEND_PLACE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.amend(seen, now)
                        .withPriority((seen.priority() + 1) % 10)
                        .withRunAt(now.plusSeconds(1));
            }
        },
        REMOVE {
            @Override
            Change from(JobInfo seen, Instant now) {
                return Change.remove(seen);
            }
        };

        abstract Change from(JobInfo seen, Instant now);
    }
}
