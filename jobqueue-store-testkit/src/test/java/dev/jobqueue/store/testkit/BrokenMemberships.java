package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.ExclusiveMembership;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.InsertOutcome;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobPage;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Stores that do not know who may claim, or whose jobs are orphans. */
enum BrokenMemberships implements BrokenStore {
    LETS_A_NODE_CLAIM_THAT_HAS_ENDED(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    return new Wrapped(super.join(request)) {
                        @Override
                        public Claimed claim(ClaimRequest claim) {
                            return claimFor(request.node(), claim);
                        }
                    };
                }

                private Claimed claimFor(Node node, ClaimRequest claim) {
                    return claim(node, claim);
                }
            },
            "Membership.endsWithLeaving",
            "Membership.goesToWhoReplacesTheHolder",
            "Membership.canBeLeftTwice",
            "Membership.letsNoClaimTakeEffectOnceItsNodeIsReplaced"),
    LETS_A_CLAIM_TAKE_EFFECT_AFTER_ITS_NODE_WAS_REPLACED(
            (clock, disk) -> new PlainStore(clock, disk) {
                /** Down when the node that replaced the first has listed its orphans. */
                private final CountDownLatch listed = new CountDownLatch(1);

                private final AtomicInteger claims = new AtomicInteger();

                @Override
                public StoreSession join(JoinRequest request) {
                    return new Wrapped(super.join(request)) {
                        @Override
                        public Claimed claim(ClaimRequest claim) {
                            heartbeat(Set.of()).ended().ifPresent(end -> {
                                throw NotMemberException.ended(request.node(), end);
                            });
                            return claimLate(request.node(), claim);
                        }
                    };
                }

                private Claimed claimLate(Node node, ClaimRequest claim) {
                    if (claims.incrementAndGet() > 10) {
                        try {
                            listed.await(2, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return claim(node, claim);
                }

                @Override
                public JobPage list(JobQuery query) {
                    JobPage page = super.list(query);
                    listed.countDown();
                    return page;
                }
            },
            "Membership.letsNoClaimTakeEffectOnceItsNodeIsReplaced"),
    LETS_ANYBODY_IN(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    Optional<Node> holder = membership.holder();
                    return super.join(holder.map(request::replacing).orElse(request));
                }
            },
            "Membership.isRefusedWhileAnotherHoldsThePlaceWhateverItsName",
            "Membership.isRefusedToWhoReplacesAnotherThanTheHolder",
            "Membership.staysWithTheHolderWhenAnotherIsRefused",
            "Membership.outlivesAnySilence"),
    LETS_NOBODY_REPLACE_ANOTHER(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    return super.join(JoinRequest.of(request.node(), request.lease(), request.wakeUp()));
                }
            },
            "Membership.goesToWhoReplacesTheHolder",
            "LostAnswers.letANodeReplaceAnotherAgain"),
    REFUSES_TO_JOIN_TWICE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    membership.holder().filter(request.node()::equals).ifPresent(node -> {
                        throw new NameHeldException(node);
                    });
                    return super.join(request);
                }
            },
            "LostAnswers.letANodeJoinAgain",
            "LostAnswers.letANodeReplaceAnotherAgain"),
    REFUSES_WHO_NAMES_A_NODE_THAT_HAS_LEFT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    if (request.replaces().isPresent() && membership.holder().isEmpty()) {
                        throw NotMemberException.unknown(request.replaces().get());
                    }
                    return super.join(request);
                }
            },
            "Membership.goesToAnybodyWhenNobodyIsIn"),
    FORGETS_WHO_HAS_ENDED(
            (clock, disk) -> new PlainStore(clock, disk) {
                private ExclusiveMembership members = new ExclusiveMembership(clock);

                @Override
                public StoreSession join(JoinRequest request) {
                    Optional<Node> holder = members.holder();
                    if (holder.isEmpty() || request.replaces().equals(holder)) {
                        members = new ExclusiveMembership(clock);
                    }
                    return members.join(request, claim -> claim(request.node(), claim));
                }

                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return filter.matches(job) && (!filter.orphaned() || members.isOrphan(job));
                }
            },
            "Membership.neverComesBackToWhoLeft",
            "Membership.neverComesBackToWhoWasSuperseded",
            "Membership.isNotTakenFromTheHolderByWhoHasEnded"),
    NEVER_TELLS_A_NODE_THAT_IT_ENDED(
            heartbeat(beat -> Heartbeat.of(Optional.empty(), beat.storeTime(), beat.runOut())),
            "Membership.isToldByTheHeartbeat",
            "Membership.whichWasSupersededStaysSoWhenItLeaves"),
    TELLS_THE_SYSTEMS_TIME(
            heartbeat(beat -> Heartbeat.of(beat.ended(), Instant.now(), beat.runOut())),
            "Membership.isToldByTheHeartbeat"),
    ENDS_A_NODE_THAT_WAS_SILENT(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public StoreSession join(JoinRequest request) {
                    Instant until = clock.instant().plusSeconds(60);
                    return new Wrapped(super.join(request)) {
                        @Override
                        public Claimed claim(ClaimRequest claim) {
                            if (clock.instant().isAfter(until)) {
                                throw NotMemberException.ended(request.node(), End.EXPIRED);
                            }
                            return super.claim(claim);
                        }
                    };
                }
            },
            "Membership.outlivesAnySilence"),
    LETS_A_LATE_LEAVE_END_THE_NEXT_NODE(
            (clock, disk) -> new PlainStore(clock, disk) {
                private StoreSession latest;

                @Override
                public StoreSession join(JoinRequest request) {
                    latest = super.join(request);
                    return new Wrapped(latest) {
                        @Override
                        public void close() {
                            closeLatest();
                        }
                    };
                }

                private void closeLatest() {
                    latest.close();
                }
            },
            "Membership.canBeLeftTwice",
            "Membership.whichWasSupersededStaysSoWhenItLeaves"),
    REFUSES_LATE_RESULTS_OF_AN_ENDED_NODE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                ApplyOutcome applyOne(Change change) {
                    Job job = disk.get(change.id());
                    return job != null
                                    && job.info().owner().isPresent()
                                    && membership.isOrphan(job.info())
                                    && change.to().equals(Optional.of(JobStatus.COMPLETED))
                            ? ApplyOutcome.stale(JobStatus.PENDING, job.info().attempt())
                            : super.applyOne(change);
                }
            },
            "Membership.isNoMatterForLateResults",
            "Orphans.areOrphansNoMoreOnceTheirLateResultCame"),
    NEEDS_A_MEMBER_TO_WRITE(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                public synchronized List<InsertOutcome> insert(List<Job> jobs) {
                    if (membership.holder().isEmpty()) {
                        throw new StoreException("nobody is in");
                    }
                    return super.insert(jobs);
                }
            },
            "Membership.isNotNeededToWriteOrRead"),
    FINDS_NO_ORPHANS(
            orphans((members, job) -> false),
            "Orphans.areJobsOfANodeThatWasReplaced",
            "Orphans.areJobsOfANodeThatLeft",
            "Orphans.ofSeveralEndedNodesAreAllFound",
            "Filters.judgesOrphaned",
            "Reopening.makesOrphansOfAllThatWasProcessing"),
    FINDS_ORPHANS_OF_THE_NODE_BEFORE_ONLY(
            (clock, disk) -> new PlainStore(clock, disk) {
                private String before = "";

                @Override
                public StoreSession join(JoinRequest request) {
                    before = request.replaces().map(Node::text).orElse("");
                    return super.join(request);
                }

                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job)
                            && (!filter.orphaned() || job.owner().equals(Optional.of(before)));
                }
            },
            "Orphans.ofSeveralEndedNodesAreAllFound"),
    ASKS_WHO_IS_IN_BEFORE_IT_LISTS(
            (clock, disk) -> new PlainStore(clock, disk) {
                private Optional<String> live = Optional.empty();

                @Override
                public JobPage list(JobQuery query) {
                    live = membership.holder().map(Node::text);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    return super.list(query);
                }

                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return filter.matches(job)
                            && (!filter.orphaned() || !job.owner().equals(live));
                }
            },
            "Orphans.areNotJobsOfANodeThatJoinedWhileTheyWereListed"),
    TAKES_EVERY_RUNNING_JOB_FOR_AN_ORPHAN(
            orphans((members, job) -> true), "Orphans.areNotJobsOfALiveNode", "Orphans.areJobsOfANodeThatWasReplaced"),
    TAKES_JOBS_THAT_DO_NOT_RUN_FOR_ORPHANS(
            (clock, disk) -> new PlainStore(clock, disk) {
                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    return super.lists(filter, job)
                            || (filter.orphaned() && filter.ids().isEmpty() && job.status() == JobStatus.FAILED);
                }
            },
            "Orphans.areNotJobsInOtherStatuses"),
    STILL_LISTS_WHAT_WAS_RECOVERED(
            (clock, disk) -> new PlainStore(clock, disk) {
                private final Set<Object> orphans = new HashSet<>();

                @Override
                boolean lists(JobFilter filter, JobInfo job) {
                    if (filter.orphaned() && membership.isOrphan(job)) {
                        orphans.add(job.id());
                    }
                    return filter.orphaned() ? orphans.contains(job.id()) : super.lists(filter, job);
                }
            },
            "Paging.showsEachOrphanOnceWhileTheyAreRecovered");

    /** A session that does what another one does. */
    private static class Wrapped implements StoreSession {
        private final StoreSession session;

        Wrapped(StoreSession session) {
            this.session = session;
        }

        @Override
        public Claimed claim(ClaimRequest request) {
            return session.claim(request);
        }

        @Override
        public Heartbeat heartbeat(Set<Lapse> silent) {
            return session.heartbeat(silent);
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private interface OrphanTest {
        boolean isOrphan(ExclusiveMembership members, JobInfo job);
    }

    private static Opener orphans(OrphanTest test) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            boolean lists(JobFilter filter, JobInfo job) {
                return filter.matches(job) && (!filter.orphaned() || test.isOrphan(membership, job));
            }
        };
    }

    private static Opener heartbeat(Function<Heartbeat, Heartbeat> made) {
        return (clock, disk) -> new PlainStore(clock, disk) {
            @Override
            public StoreSession join(JoinRequest request) {
                return new Wrapped(super.join(request)) {
                    @Override
                    public Heartbeat heartbeat(Set<Lapse> silent) {
                        return made.apply(super.heartbeat(silent));
                    }
                };
            }
        };
    }

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenMemberships(Opener opener, String... caughtBy) {
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
