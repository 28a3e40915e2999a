package dev.jobqueue.core.membership;

import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.report.StoreCondition;
import dev.jobqueue.core.runtime.Deadline;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.DutyLoop;
import dev.jobqueue.core.runtime.Monitor;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.event.ClockSkewed;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.SilentNodeEnded;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.option.LeaseOptions;
import dev.jobqueue.store.End;
import dev.jobqueue.store.Heartbeat;
import dev.jobqueue.store.Lapse;
import dev.jobqueue.store.NameHeldException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This queue in its store, from a join to leaving. On a store of many nodes it renews its lease on a thread of its own,
 * ends nodes that are silent, and joins anew when another node has ended it. Superseded by its own name, it says so once,
 * and is out for good.
 */
public final class Member implements Duty {
    private static final Duration UNTIL_WOKEN = Duration.ofHours(1);
    private static final Duration MOST_SKEW = Duration.ofSeconds(1);

    private final Platform platform;
    private final Reporter reporter;
    private final Membership membership;
    private final LeaseOptions lease;
    private final Witness witness;
    private final StoreCondition condition;
    private final Silence silence;
    private final boolean shared;
    private final DutyLoop loop;
    /** Held all through an end, so that it is told once. */
    private final Monitor ending;

    private volatile Node node;
    private volatile @Nullable Joined joined;
    private volatile boolean leaving;
    private volatile boolean out;
    /** The time of the JVM's clock at which the last renewal that succeeded was sent. */
    private volatile long renewed;

    private volatile boolean skewed;

    /** What hears of a member's changes, and vouches for it. */
    public interface Witness {
        /** Whether the node's other duties go on. If not, it must not say that it is alive. */
        boolean vouches();

        /** It is another incarnation now, or none for a while: what it held belongs to nobody. */
        void changed();

        /** Another node has ended, perhaps: there may be orphans. */
        void othersEnded();

        /** It is out for good. May throw, for want of a thread: then it is told again. */
        void superseded(Member member);
    }

    /**
     * Of a node that has joined.
     *
     * @param joined as it joined
     * @param asked the time of the JVM's clock at which that was asked for
     */
    public Member(
            Platform platform,
            Reporter reporter,
            Membership membership,
            LeaseOptions lease,
            boolean shared,
            Joined joined,
            long asked,
            Witness witness) {
        this.platform = platform;
        this.reporter = reporter;
        this.membership = membership;
        this.lease = lease;
        this.shared = shared;
        this.witness = witness;
        this.node = joined.node();
        this.joined = joined;
        this.renewed = asked;
        this.condition = new StoreCondition(platform, reporter, "heartbeat");
        this.silence = new Silence(platform);
        this.ending = platform.newMonitor();
        String name = "jobqueue-" + node.name() + "-heartbeat";
        this.loop = new DutyLoop(platform, name, this, fault -> reporter.publish(new DutyFailed("heartbeat", fault)));
    }

    /** Begins to renew its lease, if the store has leases. */
    public void start() {
        if (shared) {
            loop.start();
        }
    }

    /** The incarnation it is, or was last. */
    public Node node() {
        return node;
    }

    /** Its place in the store; empty: it has none, for now or for good. */
    public Optional<Joined> joined() {
        return Optional.ofNullable(joined);
    }

    /** Whether it has no place any more, and gets none: it was superseded. */
    public boolean isOut() {
        return out;
    }

    /** Whether it may start work: it is in, and has said so within its lease. */
    public boolean isLive() {
        return joined != null && (!shared || silent().compareTo(lease.length()) < 0);
    }

    /** Whether it may begin this job: one that an earlier incarnation claimed was perhaps given to another node. */
    public boolean mayBegin(JobInfo job) {
        return isLive() && job.owner().equals(Optional.of(node.text()));
    }

    private Duration silent() {
        return Duration.ofNanos(platform.nanoTime() - renewed);
    }

    /** The store said that this incarnation has ended. */
    public void ended(Joined whose, End how) {
        ending.lock();
        try {
            if (whose.equals(joined) && how != End.LEFT) {
                goesOut(whose, how);
            }
        } finally {
            ending.unlock();
        }
    }

    private void goesOut(Joined whose, End how) {
        reporter.publish(new NodeEnded(whose.node(), how));
        boolean comesBack = shared && how == End.EXPIRED;
        if (!comesBack) {
            witness.superseded(this);
            out = true;
        }
        joined = null;
        witness.changed();
        if (comesBack) {
            loop.wake();
        }
    }

    /** Asks a store of one node, which tells nobody, whether this one is in still. Throws what the store throws. */
    public void check() {
        Joined now = joined;
        if (now != null && !shared) {
            now.session().heartbeat(Set.of()).ended().ifPresent(how -> ended(now, how));
        }
    }

    @Override
    public Turn runOnce() {
        Joined now = joined;
        if (leaving || out) {
            return new Turn(0, UNTIL_WOKEN);
        }
        if (now == null) {
            return joinAnew();
        }
        if (!witness.vouches()) {
            return new Turn(0, lease.renewal());
        }
        long sent = platform.nanoTime();
        if (sent - renewed > lease.renewal().multipliedBy(2).toNanos()) {
            silence.forget(); // late itself: perhaps the store was away, and the others are as alive as this one
        }
        Set<Lapse> over = silence.over();
        Heartbeat heartbeat;
        try {
            heartbeat = now.session().heartbeat(over);
            condition.answered();
        } catch (RuntimeException e) {
            Duration pause = condition.failed(e);
            return new Turn(0, pause.compareTo(lease.renewal()) < 0 ? pause : lease.renewal());
        }
        if (heartbeat.ended().isPresent()) {
            ended(now, heartbeat.ended().get());
            return new Turn(0, lease.renewal()); // or at once: it has woken itself if it comes back
        }
        return answered(heartbeat, over, sent);
    }

    private Turn answered(Heartbeat heartbeat, Set<Lapse> over, long sent) {
        renewed = sent;
        Duration took = Duration.ofNanos(platform.nanoTime() - sent);
        look(heartbeat.storeTime(), took);
        int gone = silence.heard(heartbeat.runOut());
        for (Lapse lapse : over) {
            if (!heartbeat.runOut().contains(lapse)) {
                reporter.publish(new SilentNodeEnded(lapse.node(), lapse.lease()));
            }
        }
        if (gone > 0) {
            witness.othersEnded();
        }
        return new Turn(over.size(), silence.untilNext(lease.renewal().minus(took), over));
    }

    /** Names only its own last incarnation: told of another, a newer process has its name. */
    private Turn joinAnew() {
        long sent = platform.nanoTime();
        try {
            Joined again = membership.rejoinAtOnce(node);
            silence.forget();
            renewed = sent;
            node = again.node();
            joined = again;
            if (leaving) {
                again.session().close(); // who left meanwhile found nothing to leave
            }
            condition.answered();
            witness.changed();
            return new Turn(1, lease.renewal());
        } catch (NameHeldException e) {
            reporter.publish(new NodeEnded(node, End.SUPERSEDED));
            witness.superseded(this);
            out = true;
            return new Turn(0, UNTIL_WOKEN);
        } catch (RuntimeException e) {
            return new Turn(0, condition.failed(e));
        }
    }

    /** The store's time may be as old as its answer took. */
    private void look(Instant storeTime, Duration took) {
        Duration ahead = Duration.between(storeTime, platform.now());
        boolean now = ahead.abs().compareTo(MOST_SKEW.plus(took)) > 0;
        if (now && !skewed) {
            reporter.publish(new ClockSkewed(ahead));
        }
        skewed = now;
    }

    /** Leaves the store. Throws what the store throws, and may be called again. */
    public void leave() {
        leaving = true;
        Joined now = joined;
        if (now != null) {
            now.session().close();
        }
    }

    /** Ends the thread, if there is one. */
    public void stop(Deadline deadline) {
        leaving = true;
        loop.stop();
        loop.awaitEnd(deadline);
    }

    /** What is wrong, in words. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        condition.problem().ifPresent(problems::add);
        if (shared && !leaving && !isLive()) {
            problems.add("the lease was not renewed for " + silent().toSeconds() + " s: nothing new is started");
        }
        if (skewed) {
            problems.add("the clocks of this queue and of the store are more than a second apart");
        }
        return problems;
    }
}
