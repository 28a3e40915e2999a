package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Stores for many nodes that go wrong about leases. */
enum BrokenLeases implements BrokenStore {
    HIDES_LEASES_THAT_HAVE_RUN_OUT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                List<Lapse> runOut(Row seenBy) {
                    return List.of();
                }
            },
            "Leases.thatHaveRunOutAreShownToOthers",
            "Leases.beginAnewWithEachHeartbeat"),
    SHOWS_EVERY_LEASE_OF_OTHERS(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                List<Lapse> runOut(Row seenBy) {
                    return rows.values().stream()
                            .filter(row -> row != seenBy && row.end.isEmpty())
                            .map(Row::lapse)
                            .toList();
                }
            },
            "Leases.thatHaveNotRunOutAreNotShown",
            "Leases.areAsLongAsTheirNodeAskedFor"),
    SHOWS_LEASES_OF_THE_ENDED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                List<Lapse> runOut(Row seenBy) {
                    return rows.values().stream()
                            .filter(this::hasRunOut)
                            .map(Row::lapse)
                            .toList();
                }
            },
            "Leases.ofEndedNodesAreNotShown",
            "Expiry.endsWhoWasWatched"),
    TELLS_THE_OBSERVERS_LENGTH(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                List<Lapse> runOut(Row seenBy) {
                    return super.runOut(seenBy).stream()
                            .map(lapse -> Lapse.of(lapse.node(), lapse.leaseUntil(), seenBy.request.lease()))
                            .toList();
                }
            },
            "Leases.areAsLongAsTheirNodeAskedFor"),
    RENEWS_NOTHING(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void renew(Row row) {
                    if (row.until.equals(Instant.MIN)) {
                        super.renew(row);
                    }
                }
            },
            "Leases.beginAnewWithEachHeartbeat",
            "Leases.areRenewedHoweverLate",
            "Expiry.endsNobodyWhoRenewedMeanwhile"),
    RENEWS_NO_LEASE_THAT_HAS_RUN_OUT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void renew(Row row) {
                    if (row.until.equals(Instant.MIN) || !hasRunOut(row)) {
                        super.renew(row);
                    }
                }
            },
            "Leases.areRenewedHoweverLate"),
    ENDS_WHO_IS_LATE_AT_ITS_CLAIM(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void checkMember(Node node) {
                    Optional.ofNullable(rows.get(node.text()))
                            .filter(this::hasRunOut)
                            .ifPresent(row -> end(row, End.EXPIRED));
                    super.checkMember(node);
                }
            },
            "Leases.letTheirNodesClaimAlthoughTheyHaveRunOut"),
    DOES_NOT_RENEW_BY_A_REPEATED_JOIN(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                public synchronized StoreSession join(JoinRequest request) {
                    return isLive(request.node().text()) ? session(request.node()) : super.join(request);
                }
            },
            "Leases.beginAnewWhenTheirNodeJoinsAgain"),
    NEVER_CUTS(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void cut(Row row, Row by) {
                    // the fault
                }
            },
            "Leases.areCutWhereTheyReachFurtherThanTheyAreLong",
            "Leases.areCutToTheirOwnLengthWhoeverCutsThem"),
    CUTS_TO_THE_LENGTH_OF_WHO_CUTS(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void cut(Row row, Row by) {
                    cut(row, by.request.lease());
                }
            },
            "Leases.areCutToTheirOwnLengthWhoeverCutsThem",
            "Leases.areAsLongAsTheirNodeAskedFor"),
    TELLS_NODES_THE_SYSTEMS_TIME(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                synchronized Heartbeat beat(Node node, Set<Lapse> silent) {
                    Heartbeat beat = super.beat(node, silent);
                    return Heartbeat.of(beat.ended(), Instant.now(), beat.runOut());
                }
            },
            "Leases.areMeasuredByTheTimeThatTheHeartbeatTells"),
    NEVER_ENDS_WHO_IS_SILENT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void expire(Lapse lapse) {
                    // the fault
                }
            },
            "Expiry.endsWhoWasWatched",
            "Names.areFreeOnceTheirHolderHasExpired"),
    ENDS_EVERYBODY_WHO_IS_SILENT(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void expire(Lapse lapse) {
                    runOut(rows.get(lapse.node().text())).forEach(super::expire);
                }
            },
            "Expiry.endsNobodyWhoIsNotNamed"),
    ENDS_A_LEASE_THAT_WAS_RENEWED(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void expire(Lapse lapse) {
                    super.expire(rows.get(lapse.node().text()).lapse());
                }
            },
            "Expiry.endsNobodyWhoRenewedMeanwhile"),
    ENDS_A_LEASE_THAT_RUNS_AGAIN(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void expire(Lapse lapse) {
                    Optional.ofNullable(rows.get(lapse.node().text()))
                            .filter(row -> row.end.isEmpty() && row.lapse().equals(lapse))
                            .ifPresent(row -> end(row, End.EXPIRED));
                }
            },
            "Expiry.endsNobodyWhoseLeaseRunsAgain"),
    ENDS_A_NAME_IN_PLACE_OF_AN_INCARNATION(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                @Override
                void expire(Lapse lapse) {
                    holder(lapse.node().name()).ifPresent(row -> end(row, End.EXPIRED));
                }
            },
            "Expiry.doesNoHarmTheSecondTime"),
    DEADLOCKS_WHEN_NODES_END_EACH_OTHER(
            (clock, disk) -> new SharedPlainStore(clock, disk) {
                private Thread ending;

                /** As if a second thread always came while the first one ends a node. */
                @Override
                synchronized Heartbeat beat(Node node, Set<Lapse> silent) {
                    if (!silent.isEmpty() && ending != null && ending != Thread.currentThread()) {
                        throw new StoreException("deadlock detected");
                    }
                    return super.beat(node, silent);
                }

                @Override
                void expire(Lapse lapse) {
                    ending = Thread.currentThread();
                    super.expire(lapse);
                }
            },
            "Expiry.mayBeMutual");

    private final Opener opener;
    private final List<String> caughtBy;

    BrokenLeases(Opener opener, String... caughtBy) {
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
