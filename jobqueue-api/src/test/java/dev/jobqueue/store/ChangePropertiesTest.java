package dev.jobqueue.store;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.IllegalTransitionException;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Each way to make a change, against what design and rule table say of it, written out here once more. */
class ChangePropertiesTest {
    private static final Instant NOW = AnyJob.CREATED.plusSeconds(60);
    private static final Instant LATER = AnyJob.CREATED.plusSeconds(3_600);

    enum Way {
        COMPLETE("COMPLETE", Set.of(PROCESSING), seen -> Change.complete(seen, NOW)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return ended(job, COMPLETED).crashes(0);
            }
        },
        FAIL("FAIL", Set.of(PROCESSING), seen -> Change.fail(seen, NOW, "disk full")) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return ended(job, FAILED)
                        .crashes(0)
                        .failures(job.failures() + 1)
                        .error("disk full");
            }
        },
        FAIL_AND_RETRY("FAIL", Set.of(PROCESSING), seen -> Change.failAndRetry(seen, NOW, LATER, "disk full")) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return again(job)
                        .crashes(0)
                        .failures(job.failures() + 1)
                        .error("disk full")
                        .runAt(LATER);
            }
        },
        RETRY("RETRY", Set.of(FAILED), seen -> Change.retry(seen, NOW)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return again(job).crashes(0).failures(0).runAt(NOW);
            }
        },
        RECOVER("RECOVER", Set.of(PROCESSING), seen -> Change.recover(seen, NOW)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return again(job).crashes(job.crashes() + 1);
            }
        },
        QUARANTINE("FAIL", Set.of(PROCESSING), seen -> Change.quarantine(seen, NOW, "killed 3 times")) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return ended(job, FAILED).crashes(job.crashes() + 1).error("killed 3 times");
            }
        },
        RELEASE("RELEASE", Set.of(PROCESSING), seen -> Change.release(seen, NOW)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return again(job);
            }
        },
        SNOOZE("RELEASE", Set.of(PROCESSING), seen -> Change.snooze(seen, NOW, LATER)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return again(job).crashes(0).runAt(LATER);
            }
        },
        CANCEL("CANCEL", Set.of(PENDING, PROCESSING), seen -> Change.cancel(seen, NOW)) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                return ended(job, CANCELLED);
            }
        },
        AMEND(
                "AMEND",
                Set.of(PENDING, PROCESSING),
                seen -> Change.amend(seen, NOW)
                        .withAttribute("progress", "7")
                        .withoutAttribute("trace")
                        .withMemo(new byte[] {7})) {
            @Override
            JobInfo.Builder expected(JobInfo job) {
                Map<String, String> attributes = new HashMap<>(job.attributes());
                attributes.put("progress", "7");
                attributes.remove("trace");
                return job.toBuilder().changedAt(NOW).attributes(attributes).memo(new byte[] {7});
            }
        };

        private final String tried;
        private final Set<JobStatus> from;
        private final Function<JobInfo, Change> factory;

        Way(String tried, Set<JobStatus> from, Function<JobInfo, Change> factory) {
            this.tried = tried;
            this.from = from;
            this.factory = factory;
        }

        abstract JobInfo.Builder expected(JobInfo job);

        private static JobInfo.Builder ended(JobInfo job, JobStatus status) {
            return job.toBuilder().status(status).changedAt(NOW).finishedAt(NOW);
        }

        private static JobInfo.Builder again(JobInfo job) {
            return job.toBuilder().status(PENDING).changedAt(NOW).finishedAt(null);
        }
    }

    @Property
    void isBuiltIffTheTableHasTheEdge(@ForAll Way way, @ForAll("jobs") JobInfo job) {
        if (way.from.contains(job.status())) {
            Change change = way.factory.apply(job);
            assertEquals(
                    List.of(job.id(), job.type(), job.queue(), job.status(), job.attempt(), job.hint()),
                    List.of(
                            change.id(),
                            change.type(),
                            change.queue(),
                            change.from(),
                            change.attempt(),
                            change.hint()));
        } else {
            assertRefused(job, way.tried, () -> way.factory.apply(job));
        }
    }

    @Property
    void changesExactlyWhatItSays(@ForAll Way way, @ForAll("jobs") JobInfo job) {
        if (way.from.contains(job.status())) {
            JobInfo changed = way.factory.apply(job).applyTo(job).orElseThrow();

            assertEquals(way.expected(job).build(), changed);
            assertEquals(job.attempt(), changed.attempt());
            assertEquals(job.hint(), changed.hint());
        }
    }

    /** A store of rows writes what the accessors say; that must be what applyTo makes of the job. */
    @Property
    void saysInItsAccessorsWhatItChanges(@ForAll Way way, @ForAll("jobs") JobInfo job) {
        if (way.from.contains(job.status())) {
            Change change = way.factory.apply(job);
            JobInfo.Builder row = job.toBuilder();
            change.at().ifPresent(row::changedAt);
            change.to()
                    .ifPresent(to ->
                            row.status(to).finishedAt(to.isFinal() ? change.at().orElseThrow() : null));
            change.runAt().ifPresent(row::runAt);
            change.priority().ifPresent(row::priority);
            change.failures().ifPresent(row::failures);
            change.crashes().ifPresent(row::crashes);
            change.error().ifPresent(row::error);
            change.memo().ifPresent(row::memo);
            Map<String, String> attributes = new HashMap<>(job.attributes());
            change.attributes()
                    .forEach((key, value) ->
                            value.ifPresentOrElse(set -> attributes.put(key, set), () -> attributes.remove(key)));
            row.attributes(attributes);

            assertEquals(Optional.of(row.build()), change.applyTo(job));
            assertEquals(false, change.removes());
        }
    }

    @Property
    void removesFinalJobsAlone(@ForAll("jobs") JobInfo job) {
        if (Set.of(COMPLETED, FAILED, CANCELLED).contains(job.status())) {
            Change remove = Change.remove(job);
            assertTrue(remove.removes());
            assertEquals(Optional.empty(), remove.to());
            assertEquals(Optional.empty(), remove.at());
            assertEquals(Optional.empty(), remove.applyTo(job));
            assertThrows(IllegalTransitionException.class, () -> remove.withMemo(new byte[0]));
            assertThrows(IllegalTransitionException.class, () -> remove.withAttribute("key", "value"));
            assertThrows(IllegalTransitionException.class, () -> remove.withoutAttribute("key"));
        } else {
            assertRefused(job, "REMOVE", () -> Change.remove(job));
        }
    }

    @Property
    void movesRunAtAndPriorityOfPendingJobsAlone(@ForAll Way way, @ForAll("jobs") JobInfo job) {
        if (way.from.contains(job.status())) {
            Change change = way.factory.apply(job);
            if (way == Way.AMEND && job.status() == PENDING) {
                JobInfo moved =
                        change.withRunAt(LATER).withPriority(1).applyTo(job).orElseThrow();
                assertEquals(way.expected(job).runAt(LATER).priority(1).build(), moved);
            } else {
                assertThrows(IllegalTransitionException.class, () -> change.withRunAt(LATER));
                assertThrows(IllegalTransitionException.class, () -> change.withPriority(1));
            }
        }
    }

    @Property
    void carriesAttributesAndMemoWithAnyTransition(@ForAll Way way, @ForAll("jobs") JobInfo job) {
        if (way.from.contains(job.status())) {
            Change change = way.factory.apply(job);
            UnaryOperator<Change> noted =
                    some -> some.withAttribute("seen", "yes").withMemo(new byte[] {1, 2});

            JobInfo changed = noted.apply(change).applyTo(job).orElseThrow();

            Map<String, String> attributes =
                    new HashMap<>(way.expected(job).build().attributes());
            attributes.put("seen", "yes");
            assertEquals(
                    way.expected(job)
                            .attributes(attributes)
                            .memo(new byte[] {1, 2})
                            .build(),
                    changed);
            assertEquals(Optional.of(way.expected(job).build()), change.applyTo(job), "and leaves the first as it was");
        }
    }

    @Property
    void holdsIffIdStatusAndAttemptAreTheSame(
            @ForAll Way way, @ForAll("jobs") JobInfo seen, @ForAll("jobs") JobInfo now) {
        if (way.from.contains(seen.status())) {
            Change change = way.factory.apply(seen);
            boolean same = seen.status() == now.status() && seen.attempt() == now.attempt();
            JobInfo another = JobInfo.builder(dev.jobqueue.job.JobId.of("another"), seen.type(), seen.createdAt())
                    .status(seen.status())
                    .attempt(seen.attempt())
                    .owner(seen.owner().orElse(null))
                    .finishedAt(seen.finishedAt().orElse(null))
                    .build();

            assertEquals(same, change.holds(now));
            assertEquals(false, change.holds(another));
            if (!same) {
                assertThrows(IllegalArgumentException.class, () -> change.applyTo(now));
            }
        }
    }

    /** Random changes, of the job as it is or as it once was: what a store does with what all kinds of writers send. */
    @Property
    void neverLeadsOffTheTable(@ForAll Random chance) {
        JobInfo job = JobInfo.builder(AnyJob.in(PENDING).id(), "email", AnyJob.CREATED)
                .build();
        Map<Integer, JobInfo> past = new HashMap<>();
        for (int step = 0; step < 60; step++) {
            past.put(step, job);
            JobInfo seen = past.get(step - chance.nextInt(Math.min(step + 1, 4)));
            Way way = Way.values()[chance.nextInt(Way.values().length)];
            JobInfo next = job;
            if (chance.nextInt(4) == 0 && job.status() == PENDING) {
                next = job.claimed(AnyJob.NODE, NOW);
            } else if (way.from.contains(seen.status())
                    && way.factory.apply(seen).holds(job)) {
                next = way.factory.apply(seen).applyTo(job).orElseThrow();
            }
            assertStep(job, next, way);
            job = next;
        }
    }

    private static void assertStep(JobInfo job, JobInfo next, Way way) {
        assertTrue(next.attempt() >= job.attempt(), "attempts never go down");
        boolean claimed = next.status() == PROCESSING && job.status() == PENDING;
        assertEquals(job.attempt() + (claimed ? 1 : 0), next.attempt());
        if (job.status() == COMPLETED || job.status() == CANCELLED) {
            assertEquals(job, next);
        }
        if (job.status() == FAILED && next.status() != FAILED) {
            assertEquals(List.of(Way.RETRY, PENDING), List.of(way, next.status()));
        }
    }

    private static void assertRefused(JobInfo job, String tried, org.junit.jupiter.api.function.Executable build) {
        var refused = assertThrows(IllegalTransitionException.class, build);
        assertEquals(
                List.of(job.id(), job.status(), job.attempt(), tried),
                List.of(refused.jobId(), refused.status(), refused.attempt(), refused.tried()));
        for (Object fact : List.of(job.id(), "cannot " + tried, "is " + job.status(), "attempt " + job.attempt())) {
            assertTrue(refused.getMessage().contains(fact.toString()), refused.getMessage());
        }
    }

    @Provide
    Arbitrary<JobInfo> jobs() {
        return AnyJob.inAnyStatus();
    }
}
