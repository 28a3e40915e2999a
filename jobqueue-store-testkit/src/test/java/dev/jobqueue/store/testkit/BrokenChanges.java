package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.InsertOutcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stores that apply changes wrongly. */
enum BrokenChanges implements BrokenStore {
    IGNORES_THE_ATTEMPT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void write(Change change, Job job) {
                    changed(change, job.info())
                            .ifPresentOrElse(info -> put(job.withInfo(info)), () -> disk.remove(job.id()));
                }

                @Override
                boolean holds(Change change, JobInfo now) {
                    return now.status() == change.from();
                }
            },
            "Fencing.refusesResultsOfAnEarlierAttempt",
            "Fencing.refusesToCancelAJobThatIsPendingAtALaterAttempt",
            "Fencing.refusesToRetryAJobThatFailedAgain",
            "Amend.isRefusedAtALaterAttempt",
            "Remove.leavesAJobThatFailedAgainAtALaterAttempt",
            "Apply.appliesWhatHoldsOfAMixedBatchAndAnswersInOrder"),
    IGNORES_THE_STATUS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void write(Change change, Job job) {
                    changed(change, job.info())
                            .ifPresentOrElse(info -> put(job.withInfo(info)), () -> disk.remove(job.id()));
                }

                @Override
                boolean holds(Change change, JobInfo now) {
                    return now.attempt() == change.attempt();
                }
            },
            "Fencing.refusesResultsOfAJobThatWasRecovered",
            "Fencing.refusesResultsOfAJobThatIsCompleted",
            "Fencing.refusesResultsOfAJobThatIsCancelled",
            "Fencing.refusesResultsOfAJobThatIsFailed",
            "Amend.isRefusedOnceTheJobIsFinal",
            "Apply.saysWhatStandsThereWhenAChangeIsStale",
            "LostAnswers.letAResultBeSentAgainWhichFindsItselfDone",
            "Reopening.stillRefusesAndTakesResultsByStatusAndAttempt"),
    REFUSES_EVERY_LATE_LOOKING_CHANGE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean holds(Change change, JobInfo now) {
                    return super.holds(change, now) && now.attempt() < 2;
                }
            },
            "Fencing.takesTheResultOfTheLatestAttempt"),
    UNDOES_AMENDMENTS_BY_WRITING_WHOLE_ROWS(
            (clock, disk) -> new PlainStore(clock, disk) {
                /** Each job as it came into its status: what a writer saw who writes the row as a whole. */
                private final Map<JobId, JobInfo> rows = new HashMap<>();

                @Override
                void put(Job job) {
                    rows.merge(
                            job.id(),
                            job.info(),
                            (old, now) -> old.status() == now.status() && old.attempt() == now.attempt() ? old : now);
                    super.put(job);
                }

                @Override
                void write(Change change, Job job) {
                    super.write(change, job.withInfo(rows.get(job.id())));
                }
            },
            "Amend.doesNotUndoAnotherAmendmentMadeFromTheSameSight",
            "Amend.isNotUndoneByATransitionMadeFromAnEarlierSight",
            "Amend.ofPriorityAndRunAtIsNotUndoneByATransitionMadeFromAnEarlierSight",
            "Concurrency.keepsEachOfSeveralAmendments"),
    FORGETS_ATTRIBUTES_THAT_A_CHANGE_NAMES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void write(Change change, Job job) {
                    Map<String, String> before = job.info().attributes();
                    super.write(change, job);
                    if (disk.containsKey(job.id())) {
                        put(job.withInfo(disk.get(job.id()).info().toBuilder()
                                .attributes(before)
                                .build()));
                    }
                }
            },
            "Amend.writesEveryFieldThatItNames",
            "Amend.leavesStatusOwnerAndAttemptOfAJobThatIsProcessing",
            "Apply.writesAttributesAndMemoAlongWithATransition"),
    NEVER_WRITES_AN_ERROR(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    Job old = disk.get(job.id());
                    String error = old == null
                            ? job.info().error().orElse(null)
                            : old.info().error().orElse(null);
                    super.put(job.withInfo(job.info().toBuilder().error(error).build()));
                }
            },
            "Apply.fails",
            "Apply.failsAndRetriesInOneWrite",
            "Apply.quarantines",
            "Apply.writesALongestError"),
    NEVER_RESETS_CRASHES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    Job old = disk.get(job.id());
                    int crashes = old == null ? 0 : old.info().crashes();
                    super.put(job.withInfo(job.info().toBuilder()
                            .crashes(Math.max(crashes, job.info().crashes()))
                            .build()));
                }
            },
            "Apply.completes",
            "Apply.snoozes",
            "Apply.retries"),
    COUNTS_NO_CRASH(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    super.put(job.withInfo(job.info().toBuilder().crashes(0).build()));
                }
            },
            "Apply.recovers",
            "Orphans.areOrphansNoMoreOnceTheyAreRecovered"),
    DATES_NO_CHANGE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void put(Job job) {
                    super.put(job.withInfo(job.info().toBuilder()
                            .changedAt(job.info().createdAt())
                            .build()));
                }
            },
            "Apply.releases",
            "Apply.cancelsAJobThatIsPending",
            "Apply.cancelsAJobThatIsProcessing",
            "Claim.movesAJobToTheNodeThatAsked"),
    LOSES_THE_PAYLOAD_WITH_A_CHANGE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void write(Change change, Job job) {
                    super.write(change, Job.of(job.info(), new byte[0]));
                }
            },
            "Apply.completes"),
    APPLIES_ALL_OR_NOTHING(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized List<ApplyOutcome> apply(List<Change> changes) {
                    List<ApplyOutcome> refused = changes.stream()
                            .filter(change -> !disk.containsKey(change.id())
                                    || !change.holds(disk.get(change.id()).info()))
                            .map(this::applyOne)
                            .toList();
                    return refused.isEmpty()
                            ? super.apply(changes)
                            : changes.stream().map(c -> refused.get(0)).toList();
                }
            },
            "Apply.appliesWhatHoldsOfAMixedBatchAndAnswersInOrder",
            "LostAnswers.letABatchBeAppliedAgainOfWhichAPartWasDone"),
    SAYS_MISSING_OF_WHAT_IS_STALE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                ApplyOutcome applyOne(Change change) {
                    ApplyOutcome outcome = super.applyOne(change);
                    return outcome.isApplied() ? outcome : ApplyOutcome.missing();
                }
            },
            "Apply.saysWhatStandsThereWhenAChangeIsStale",
            "Fencing.refusesToCancelAJobThatWasClaimedSince",
            "Amend.isRefusedOnceTheJobHasMovedOn",
            "LostAnswers.letARetryBeSentAgainWithoutCountingTwice"),
    SAYS_STALE_OF_WHAT_IS_MISSING(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                ApplyOutcome applyOne(Change change) {
                    ApplyOutcome outcome = super.applyOne(change);
                    return outcome.isMissing() ? ApplyOutcome.stale(JobStatus.CANCELLED, change.attempt()) : outcome;
                }
            },
            "Apply.saysThatAJobIsMissing",
            "Amend.saysThatAJobIsMissing",
            "Remove.saysThatAJobIsMissing",
            "LostAnswers.letARemovalBeSentAgain"),
    FAILS_FOR_AN_AMENDMENT_SENT_AGAIN(
            (clock, disk) -> new PlainStore(clock, disk) {
                private final Set<Change> done = new HashSet<>();

                @Override
                ApplyOutcome applyOne(Change change) {
                    return done.add(change)
                            ? super.applyOne(change)
                            : ApplyOutcome.stale(change.from(), change.attempt());
                }
            },
            "LostAnswers.letAnAmendmentBeSentAgain"),
    TAKES_ANY_BATCH_OF_CHANGES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized List<ApplyOutcome> apply(List<Change> changes) {
                    return changes.stream().map(this::applyOne).toList();
                }
            },
            "Apply.refusesAnEmptyBatch",
            "Apply.refusesABatchThatIsTooLongAndAppliesNoneOfIt",
            "Apply.refusesABatchThatNamesAJobTwiceAndAppliesNoneOfIt"),
    LOSES_THE_END_OF_A_LONG_BATCH(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public List<ApplyOutcome> apply(List<Change> changes) {
                    super.apply(changes.subList(0, Math.min(500, changes.size())));
                    return changes.stream()
                            .map(change -> ApplyOutcome.applied())
                            .toList();
                }
            },
            "Apply.takesALongBatch"),
    REMOVES_A_JOB_THAT_IS_NOT_FINISHED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                ApplyOutcome applyOne(Change change) {
                    return change.removes() && disk.remove(change.id()) != null
                            ? ApplyOutcome.applied()
                            : super.applyOne(change);
                }
            },
            "Remove.leavesAJobThatWasSentAgain",
            "Remove.leavesAJobThatRunsAgain",
            "Remove.leavesAJobThatFailedAgainAtALaterAttempt"),
    REMOVES_NOTHING(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void write(Change change, Job job) {
                    if (!change.removes()) {
                        super.write(change, job);
                    }
                }
            },
            "Remove.takesAFinalJobAndNoOther",
            "Reopening.findsNothingOfARemovedJob"),
    NEVER_FREES_AN_ID(
            (clock, disk) -> new PlainStore(clock, disk) {
                private final Set<JobId> known = new HashSet<>();

                @Override
                InsertOutcome insertOne(Job job) {
                    return known.add(job.id()) ? super.insertOne(job) : InsertOutcome.sameId();
                }
            },
            "Remove.freesTheIdAndLeavesNothingOfTheJob",
            "Remove.letsTheAttemptsOfANewJobOfThatIdStartAtOne"),
    APPLIES_A_CHANGE_TWICE_AT_ONCE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public List<ApplyOutcome> apply(List<Change> changes) {
                    Map<JobId, Job> seen = new HashMap<>();
                    synchronized (this) {
                        changes.forEach(change -> find(change.id()).ifPresent(job -> seen.put(job.id(), job)));
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    synchronized (this) {
                        traits().checkApply(changes);
                        return changes.stream()
                                .map(change -> applyTo(seen.get(change.id()), change))
                                .toList();
                    }
                }

                private ApplyOutcome applyTo(Job seen, Change change) {
                    if (seen == null || !change.holds(seen.info())) {
                        return applyOne(change);
                    }
                    write(change, seen);
                    return ApplyOutcome.applied();
                }
            },
            "Concurrency.appliesAChangeOnceThatIsAppliedAtOnce",
            "Concurrency.appliesOneOfSeveralResults"),
    CANCELS_WHAT_WAS_CLAIMED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public List<ApplyOutcome> apply(List<Change> changes) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    return super.apply(changes);
                }

                @Override
                boolean holds(Change change, JobInfo now) {
                    return super.holds(change, now)
                            || (change.toString().startsWith("CANCEL")
                                    && !now.status().isFinal());
                }

                @Override
                void write(Change change, Job job) {
                    super.write(change, change.holds(job.info()) ? job : job.withInfo(pending(job.info())));
                }

                private JobInfo pending(JobInfo job) {
                    return job.toBuilder()
                            .status(JobStatus.PENDING)
                            .attempt(job.attempt() - 1)
                            .build();
                }
            },
            "Concurrency.letsEitherAClaimOrACancelHaveAJob",
            "Fencing.refusesToCancelAJobThatWasClaimedSince");

    /** What the change makes of the job if it is applied wherever the job stands. */
    private static Optional<JobInfo> changed(Change change, JobInfo now) {
        JobInfo.Builder moved = now.toBuilder().attempt(change.attempt()).status(change.from());
        moved.owner(change.from() == JobStatus.PROCESSING ? now.owner().orElse("nobody") : null);
        moved.finishedAt(change.from().isFinal() ? now.changedAt() : null);
        return change.applyTo(moved.build());
    }

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenChanges(Opener opener, String... caughtBy) {
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
