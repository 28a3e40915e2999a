package dev.jobqueue.store.testkit;

import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One thing that a node may do to a store. Nodes are numbered from the latest, so that steps meet those that may be live. */
sealed interface MembershipStep {
    /** A new incarnation joins under one of few names. */
    record Join(int name, Naming naming, Duration lease) implements MembershipStep {}

    /** One that has joined, or was refused, or has ended, joins again. */
    record JoinAgain(int node, Naming naming) implements MembershipStep {}

    /** One that has joined renews; perhaps it wants to end whatever lease was ever seen run out. */
    record Beat(int node, boolean ending) implements MembershipStep {}

    /** One that has joined claims a job. */
    record Claim(int node) implements MembershipStep {}

    /** One that has joined leaves. */
    record Leave(int node) implements MembershipStep {}

    /** All orphans are recovered. */
    record Recover() implements MembershipStep {}

    /** The clock moves on, or back. */
    record Wait(int seconds) implements MembershipStep {}

    /** Whom a join replaces. */
    enum Naming {
        NOBODY,
        HOLDER,
        ANOTHER
    }

    static Arbitrary<MembershipStep> any() {
        Arbitrary<Integer> node = Arbitraries.integers().between(0, 4);
        Arbitrary<Naming> naming = Arbitraries.of(Naming.class);
        // by whole seconds the clock moves: so no lease ends just now, which a store may judge either way
        Arbitrary<Duration> lease = Arbitraries.of(Duration.ofMillis(2_500), Duration.ofMillis(6_500));
        Arbitrary<MembershipStep> join = Combinators.combine(
                        Arbitraries.integers().between(0, 2), naming, lease)
                .as(Join::new);
        Arbitrary<MembershipStep> again = Combinators.combine(node, naming).as(JoinAgain::new);
        Arbitrary<MembershipStep> beat =
                Combinators.combine(node, Arbitraries.of(true, false)).as(Beat::new);
        return Arbitraries.frequencyOf(
                Tuple.of(4, join),
                Tuple.of(2, again),
                Tuple.of(8, beat),
                Tuple.of(6, node.map(Claim::new)),
                Tuple.of(1, node.map(Leave::new)),
                Tuple.of(2, Arbitraries.create(Recover::new)),
                Tuple.of(6, Arbitraries.integers().between(1, 5).map(Wait::new)),
                Tuple.of(2, Arbitraries.integers().between(-9, -1).map(Wait::new)));
    }
}
