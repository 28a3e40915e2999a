package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.JobOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Stores that claim the wrong jobs, or in the wrong order, or make the wrong thing of them. */
enum BrokenClaims implements BrokenStore {
    IGNORES_PRIORITY(
            ordering(Comparator.comparing(JobInfo::runAt).thenComparing(JobInfo::id)),
            "Order.prefersTheLowerPriority",
            "Order.ordersByAllThreeOverManyClaimsAndTypes",
            "Order.followsAnAmendedPriorityAndRunAt"),
    IGNORES_RUN_AT_IN_ITS_ORDER(
            ordering(Comparator.comparing(JobInfo::priority).thenComparing(JobInfo::id)),
            "Order.prefersTheEarlierRunAtAmongEqualPriorities",
            "Order.keepsAReleasedJobsPlace"),
    IGNORES_IDS_IN_ITS_ORDER(
            ordering(Comparator.comparing(JobInfo::priority)
                    .thenComparing(JobInfo::runAt)
                    .thenComparing(job -> job.id().hashCode())),
            "Order.prefersTheLowerIdAmongEqualRunAts"),
    ORDERS_IDS_AS_SIGNED_NUMBERS(
            ordering(Comparator.comparing(JobInfo::priority)
                    .thenComparing(JobInfo::runAt)
                    .thenComparing(job -> job.id().value())),
            "Order.ordersIdsAsTheirTextIs",
            "Paging.showsTheOrderOfClaims"),
    DOES_NOT_COUNT_ATTEMPTS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Job claimed(Job job, Node by, Instant now) {
                    return kept(job.withInfo(
                            job.info().claimed(by, now).toBuilder().attempt(1).build()));
                }

                private Job kept(Job job) {
                    put(job);
                    return job;
                }
            },
            "Claim.countsAttempts",
            "Reopening.goesOnCountingAttempts"),
    STARTS_A_NEW_JOB_AT_THE_OLD_ATTEMPTS(
            (clock, disk) -> new PlainStore(clock, disk) {
                private int claims;

                @Override
                Job claimed(Job job, Node by, Instant now) {
                    Job claimed = job.withInfo(job.info().claimed(by, now).toBuilder()
                            .attempt(++claims)
                            .build());
                    put(claimed);
                    return claimed;
                }
            },
            "Remove.letsTheAttemptsOfANewJobOfThatIdStartAtOne"),
    CLAIMS_WITHOUT_WRITING_IT_DOWN(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Job claimed(Job job, Node by, Instant now) {
                    return job.withInfo(job.info().claimed(by, now));
                }
            },
            "Claim.takesNoJobTwice",
            "Claim.movesAJobToTheNodeThatAsked",
            "Claim.takesAJobForOneSlotOnlyWhereSlotsOverlap"),
    CLAIMS_A_JOB_TWICE_AT_ONCE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Claimed claim(Node by, ClaimRequest request) {
                    List<Job> best = new ArrayList<>();
                    synchronized (this) {
                        request.slots()
                                .forEach(slot -> disk.values().stream()
                                        .filter(job -> takes(slot, job.info(), request.now()))
                                        .limit(slot.limit())
                                        .forEach(best::add));
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    synchronized (this) {
                        return Claimed.of(
                                best.stream()
                                        .map(job -> claimed(job, by, request.now()))
                                        .toList(),
                                Optional.empty());
                    }
                }
            },
            "Concurrency.givesNoJobToTwoClaims",
            "Concurrency.takesEveryJobThroughItsLife"),
    RETURNS_CLAIMED_JOBS_WITHOUT_PAYLOAD(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Job claimed(Job job, Node by, Instant now) {
                    return Job.of(super.claimed(job, by, now).info(), new byte[0]);
                }
            },
            "Claim.movesAJobToTheNodeThatAsked",
            "Keeping.keepsEveryByteOfAPayload"),
    FORGETS_THE_MEMO_AT_A_CLAIM(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Job claimed(Job job, Node by, Instant now) {
                    return super.claimed(
                            job.withInfo(job.info().toBuilder().memo(null).build()), by, now);
                }
            },
            "Amend.isNotUndoneByAClaim",
            "Claim.movesAJobToTheNodeThatAsked"),
    CLAIMS_WHAT_IS_NOT_DUE(
            taking((slot, job, now) -> slot.waits(job)),
            "Claim.takesWhatIsDueToTheMillisecond",
            "Amend.decidesWhenAJobIsDue"),
    CLAIMS_WHAT_IS_DUE_ONE_MILLISECOND_LATE(
            taking((slot, job, now) -> slot.waits(job) && job.runAt().isBefore(now)),
            "Claim.takesWhatIsDueToTheMillisecond"),
    GOES_BY_ITS_OWN_CLOCK(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean takes(ClaimSlot slot, JobInfo job, Instant now) {
                    return slot.takes(job, clock.instant());
                }
            },
            "Claim.goesByTheRequestsTimeAndNotByTheStores"),
    CLAIMS_OTHER_TYPES(
            taking((slot, job, now) -> ClaimSlot.of(slot.queue(), Set.of(job.type()), 1)
                    .withSuspects(slot.suspects())
                    .takes(job, now)),
            "Claim.leavesTypesThatWereNotAskedFor",
            "Claim.tellsNamesApartToTheLetter"),
    CLAIMS_FROM_OTHER_QUEUES(
            taking((slot, job, now) -> ClaimSlot.of(job.queue(), slot.types(), 1)
                    .withSuspects(slot.suspects())
                    .takes(job, now)),
            "Claim.leavesQueuesThatWereNotAskedFor"),
    MIXES_UP_TYPES_THAT_DIFFER_IN_CASE(
            taking((slot, job, now) -> slot.types().stream().anyMatch(job.type()::equalsIgnoreCase)
                    && slot.takes(renamed(job, slot.types().iterator().next()), now)),
            "Claim.tellsNamesApartToTheLetter"),
    IGNORES_SUSPECTS(
            taking((slot, job, now) ->
                    ClaimSlot.of(slot.queue(), slot.types(), 1).takes(job, now)),
            "Claim.takesSuspectsOnlyAsAsked"),
    LOOKS_AT_FEW_TYPES(
            taking((slot, job, now) -> slot.takes(job, now)
                    && slot.types().stream().sorted().limit(50).anyMatch(job.type()::equals)),
            "Claim.takesManyTypesAtOnce"),
    IGNORES_A_SLOTS_LIMIT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                int room(ClaimSlot slot, ClaimRequest request, int claimed) {
                    return request.limit() - claimed;
                }
            },
            "Claim.keepsEachSlotsLimitAndTheRequests"),
    IGNORES_THE_REQUESTS_LIMIT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                int room(ClaimSlot slot, ClaimRequest request, int claimed) {
                    return slot.limit();
                }
            },
            "Claim.keepsEachSlotsLimitAndTheRequests"),
    MIXES_SLOTS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Claimed claim(Node by, ClaimRequest request) {
                    Claimed claimed = super.claim(by, request);
                    return Claimed.of(
                            claimed.jobs().stream()
                                    .sorted(Comparator.comparing(Job::info, order(JobOrder.CLAIM)))
                                    .toList(),
                            claimed.nextDue());
                }
            },
            "Claim.takesSlotsInTheirOrder"),
    CLAIMS_AT_MOST_A_HUNDRED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                int room(ClaimSlot slot, ClaimRequest request, int claimed) {
                    return Math.min(100, super.room(slot, request, claimed));
                }
            },
            "Claim.takesALongBatchAtOnce"),
    CLAIMS_ANY_NUMBER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Claimed claim(Node by, ClaimRequest request) {
                    return super.claim(
                            by, ClaimRequest.of(request.now(), Math.min(1_000, request.limit()), request.slots()));
                }
            },
            "Claim.refusesMoreThanABatchAndTakesNothing"),
    CLAIMS_WHERE_NOTHING_IS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                synchronized Claimed claim(Node by, ClaimRequest request) {
                    if (disk.isEmpty()) {
                        JobInfo nobody = JobInfo.builder(JobId.of("nobody"), "mail", request.now())
                                .build();
                        return Claimed.of(List.of(Job.of(nobody, new byte[0])), Optional.empty());
                    }
                    return super.claim(by, request);
                }
            },
            "Claim.takesNothingWhereNothingIs"),
    FORGETS_CRASHES_AT_A_CLAIM(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Job claimed(Job job, Node by, Instant now) {
                    return super.claimed(
                            job.withInfo(job.info().toBuilder().crashes(0).build()), by, now);
                }
            },
            "Claim.leavesTheHistoryOfAJob"),
    SAYS_ONLY_WHAT_IS_DUE_LATER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Optional<Instant> nextDue(ClaimRequest request) {
                    return super.nextDue(request).filter(due -> due.isAfter(request.now()));
                }
            },
            "NextDue.namesTheRunAtOfWhatWasLeftAlthoughItIsDue"),
    NEVER_SAYS_WHEN_THE_NEXT_IS_DUE(
            nextDue(found -> Optional.empty()),
            "NextDue.namesTheEarliestRunAtToCome",
            "NextDue.looksAtAllSlots",
            "NextDue.followsASnooze"),
    ALWAYS_SAYS_WHEN_TO_COME_AGAIN(
            nextDue(found -> found.or(() -> Optional.of(MovableClock.START.plus(Duration.ofSeconds(1))))),
            "NextDue.namesNoneWhereNoneIsToCome",
            "NextDue.passesOverJobsThatAreNotPending"),
    SAYS_NEVER_IS_THE_NEXT_DUE(
            nextDue(found -> found.or(() -> Optional.of(JobInfo.NEVER))), "NextDue.namesNoneForJobsThatWaitForOthers"),
    COUNTS_OTHER_JOBS_AS_NEXT_DUE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Optional<Instant> nextDue(ClaimRequest request) {
                    Map<Boolean, List<Instant>> due = disk.values().stream()
                            .map(job -> job.info().runAt())
                            .collect(Collectors.partitioningBy(request.now()::isBefore));
                    return due.get(true).stream().min(Comparator.naturalOrder());
                }
            },
            "NextDue.passesOverWhatWasNotAskedFor",
            "NextDue.passesOverJobsThatAreNotPending");

    private interface Taking {
        boolean takes(ClaimSlot slot, JobInfo job, Instant now);
    }

    private static Opener taking(Taking rule) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            boolean takes(ClaimSlot slot, JobInfo job, Instant now) {
                return job.status() == JobStatus.PENDING && rule.takes(slot, job, now);
            }
        };
    }

    private static JobInfo renamed(JobInfo job, String type) {
        return JobInfo.builder(job.id(), type, job.createdAt())
                .queue(job.queue())
                .runAt(job.runAt())
                .crashes(job.crashes())
                .build();
    }

    private static Opener ordering(Comparator<JobInfo> claims) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            Comparator<JobInfo> order(JobOrder order) {
                return order == JobOrder.CLAIM ? claims : super.order(order);
            }
        };
    }

    private static Opener nextDue(UnaryOperator<Optional<Instant>> made) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            Optional<Instant> nextDue(ClaimRequest request) {
                return made.apply(super.nextDue(request));
            }
        };
    }

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenClaims(Opener opener, String... caughtBy) {
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
