package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.store.JobCount;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Stores that list or count wrongly. */
enum BrokenLists implements BrokenStore {
    LISTS_MORE_THAN_A_PAGE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    return JobPage.of(rest, Optional.empty());
                }
            },
            "Paging.showsEachJobOnce",
            "Paging.goesThroughPagesOfOneJob"),
    LISTS_THE_FIRST_PAGE_ONLY(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    return JobPage.of(super.page(rest, query).jobs(), Optional.empty());
                }
            },
            "Paging.showsEachJobOnce",
            "Paging.takesTheSameCursorTwice"),
    LISTS_THE_LAST_JOB_OF_A_PAGE_AGAIN(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    JobPage page = super.page(rest, query);
                    if (page.next().isEmpty() || page.jobs().size() < 2) {
                        return page;
                    }
                    JobInfo before = page.jobs().get(page.jobs().size() - 2);
                    return JobPage.of(page.jobs(), Optional.of(PlainCursor.write(before, query.order())));
                }
            },
            "Paging.showsEachJobOnce",
            "Paging.showsTheNewestFirst"),
    PAGES_BY_COUNTING(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public JobPage list(JobQuery query) {
                    int skipped = query.cursor().map(Integer::parseInt).orElse(0);
                    List<JobInfo> all = disk.values().stream()
                            .map(Job::info)
                            .filter(job -> lists(query.filter(), job))
                            .sorted(order(query.order()))
                            .toList();
                    int end = Math.min(all.size(), skipped + query.limit());
                    return JobPage.of(
                            all.subList(Math.min(skipped, end), end),
                            end < all.size() ? Optional.of("" + end) : Optional.empty());
                }
            },
            "Paging.goesOnAfterWhatWasListedIsRemoved",
            "Paging.goesOnInTheOrderOfClaimsAfterWhatWasListedIsClaimed",
            "Paging.showsEachOrphanOnceWhileTheyAreRecovered",
            "Paging.showsTheOldJobsOnceWhileNewOnesCome"),
    NEVER_LEAVES_THE_FIRST_PAGE_OF_ORPHANS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public JobPage list(JobQuery query) {
                    if (!query.filter().orphaned() || query.cursor().isEmpty()) {
                        return super.list(query);
                    }
                    return super.list(
                            JobQuery.of(query.filter()).in(query.order()).withLimit(query.limit()));
                }
            },
            "Paging.endsAlthoughWhatWasListedStillMatches"),
    LETS_WRITES_SHUFFLE_THE_STORES_ORDER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Comparator<JobInfo> order(JobOrder order) {
                    return super.order(order == JobOrder.STORE ? JobOrder.CLAIM : order);
                }
            },
            "Paging.isNotShuffledByChangesInTheStoresOrder"),
    LISTS_THE_OLDEST_FIRST(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                Comparator<JobInfo> order(JobOrder order) {
                    return order == JobOrder.NEWEST ? super.order(order).reversed() : super.order(order);
                }
            },
            "Paging.showsTheNewestFirst"),
    FAILS_FOR_AN_EMPTY_PAGE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    return JobPage.of(
                            rest.subList(
                                    0,
                                    Math.max(1, super.page(rest, query).jobs().size())),
                            super.page(rest, query).next());
                }
            },
            "Paging.showsNothingWhereNothingIs"),
    LISTS_SHORT_PAGES_AND_SAYS_THAT_WAS_ALL(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobPage page(List<JobInfo> rest, JobQuery query) {
                    return rest.size() > 500
                            ? JobPage.of(rest.subList(0, 500), Optional.empty())
                            : super.page(rest, query);
                }
            },
            "Paging.makesPagesAsLongAsABatch",
            "Filters.judgesManyIds",
            "Reopening.findsEveryJobOfALongBatch"),
    TAKES_ANY_CURSOR(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                JobInfo stoppedAt(String cursor, JobOrder order) {
                    try {
                        return PlainCursor.read(cursor, order);
                    } catch (IllegalArgumentException bad) {
                        return disk.values().iterator().next().info();
                    }
                }
            },
            "BadInput.isACursorThatTheStoreNeverMade",
            "BadInput.isACursorOfAnotherOrder",
            "BadInput.doesTheStoreNoHarm"),
    LISTS_WHATEVER_IS_ASKED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                void check(JobQuery query) {
                    // the fault
                }
            },
            "BadInput.isAPageLongerThanABatch",
            "BadInput.isTheOrderOfClaimsOfJobsThatAreNotPending",
            "BadInput.isAFilterByMoreIdsThanABatchHolds"),
    IGNORES_ASKED_STATUSES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter.withStatuses(EnumSet.allOf(JobStatus.class)), job);
                }
            },
            "Filters.judgesStatuses",
            "Paging.showsNoMoreThanWasAskedOfACommonStatus"),
    FORGETS_FINAL_JOBS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job)
                            && (!job.status().isFinal() || !filter.statuses().isEmpty());
                }
            },
            "Filters.showsAllJobsToWhoAsksForAny"),
    IGNORES_ASKED_IDS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter.ids().isEmpty() ? filter : filter.withIds(Set.of(job.id())), job);
                }
            },
            "Filters.judgesIds",
            "Filters.judgesAllConditionsTogether"),
    IGNORES_THE_ASKED_OWNER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(
                            filter.owner().isEmpty() || job.owner().isEmpty()
                                    ? filter
                                    : filter.withOwner(job.owner().get()),
                            job);
                }
            },
            "Filters.judgesTheOwner"),
    FINDS_NO_OWNER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return filter.owner().isEmpty() && super.lists(filter, job);
                }
            },
            "LostAnswers.ofAClaimAreFoundByTheNodesOwnName"),
    LOSES_JOBS_OF_ASKED_QUEUES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job)
                            && (filter.queues().size() < 2
                                    || job.queue()
                                            .equals(filter.queues().iterator().next()));
                }
            },
            "Filters.losesNoJobOfAnAskedQueue"),
    LOSES_JOBS_OF_ASKED_TYPES(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job)
                            && (filter.types().size() < 2
                                    || job.type()
                                            .equals(filter.types().iterator().next()));
                }
            },
            "Filters.losesNoJobOfAnAskedType"),
    LOSES_JOBS_THAT_ARE_JUST_DUE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job) && !filter.dueBy().equals(Optional.of(job.runAt()));
                }
            },
            "Filters.losesNoJobThatIsDueByThen",
            "Filters.losesNoJobInTheOrderOfClaimsAsBuildAsksForIt"),
    COUNTS_ALL_STATUSES(counting(false, counts -> counts), "Counts.areOfTheAskedStatusesAlone"),
    COUNTS_TOO_MANY(
            counting(
                    true,
                    counts -> counts.stream()
                            .map(count -> JobCount.of(count.queue(), count.type(), count.status(), count.jobs() + 1))
                            .toList()),
            "Counts.areByQueueTypeAndStatus",
            "Counts.followEveryChange"),
    COUNTS_WHAT_IS_NOT_THERE(
            counting(
                    true,
                    counts ->
                            counts.isEmpty() ? List.of(JobCount.of("default", "mail", JobStatus.PENDING, 0)) : counts),
            "Counts.leaveOutWhatIsNotThere");

    private static Opener counting(boolean asked, UnaryOperator<List<JobCount>> made) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            public synchronized List<JobCount> counts(Set<JobStatus> statuses) {
                return made.apply(super.counts(asked ? statuses : EnumSet.allOf(JobStatus.class)));
            }
        };
    }

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenLists(Opener opener, String... caughtBy) {
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
