package dev.jobqueue.core.dispatch;

import dev.jobqueue.core.completion.Completion;
import dev.jobqueue.core.delivery.DeliveryQueue;
import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.membership.Member;
import dev.jobqueue.core.membership.Membership.Joined;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.report.StoreCondition;
import dev.jobqueue.core.runtime.Duty;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Claimed;
import dev.jobqueue.store.End;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.NotMemberException;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.Suspects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Claims what the workers are about to take, and hands it to them. Looks for jobs when there is room and it was told of
 * some, when the next is due, and at each poll; never otherwise. Suspects among them run alone. Its steps run on one thread.
 */
public final class Dispatcher implements Duty {
    /** How long a store call may take; so long after a claim failed it may still be done. */
    public static final Duration CALL_BOUND = Duration.ofSeconds(6);
    /** No more payload than this waits for workers. */
    private static final long MOST_BYTES_AHEAD = 16L * 1024 * 1024;
    /** What is due and could not be claimed, as somebody's transaction has it locked, is asked for again after this. */
    private static final long UNTIL_UNLOCKED_MILLIS = 50;
    /** So many results may be on their way to the store. */
    private static final int MOST_UNSETTLED = 1_000;

    /** No time, in milliseconds: nothing is known to be due. */
    private static final long UNKNOWN = Long.MAX_VALUE;
    /** Before any time, in milliseconds: something may be due by now. */
    private static final long AT_ONCE = Long.MIN_VALUE;

    private final Platform platform;
    private final JobStore store;
    private final Member member;
    private final List<String> queues;
    private final Set<String> types;
    private final Duration poll;
    private final DeliveryQueue<HeldJob> deliveries;
    private final HeldJobs held;
    private final Completion completion;
    private final Workers workers;
    private final Duration compareEvery;
    private final StoreCondition condition;
    private final Holdings holdings;
    private final Seclusion seclusion;
    private final ClaimAhead claimAhead;

    /** The earliest run-at that this node heard of since its last claim, of its own submits and retries; milliseconds. */
    private final AtomicLong heardDue = new AtomicLong(UNKNOWN);

    private long nextPoll;
    private long nextDue = AT_ONCE;
    private long nextTry;
    private long lastCompare;
    /** The latest claim failed: a comparison that succeeds does not mean that claims will. */
    private boolean claimsFail;

    /** The largest payload that the latest claim brought: what the next jobs may be like. In bytes, at least 1. */
    private long largestOfLastClaim = 1;

    /** There is no room to claim until no more deliveries than this wait; -1: there is. */
    private volatile int claimsAt = -1;

    private boolean claimUnknown;
    private long claimFailedAt;
    private @Nullable Joined joined;

    /**
     * Of a node that has joined.
     *
     * @param queues to claim from, best first
     * @param poll how often to look for jobs that others wrote
     * @param compareEvery how often to compare what is held with the store
     */
    public Dispatcher(
            Platform platform,
            Reporter reporter,
            JobStore store,
            Member member,
            List<String> queues,
            Set<String> types,
            Duration poll,
            DeliveryQueue<HeldJob> deliveries,
            HeldJobs held,
            Completion completion,
            Workers workers,
            Duration compareEvery) {
        this.platform = platform;
        this.store = store;
        this.member = member;
        this.joined = member.joined().orElse(null);
        this.queues = queues;
        this.types = types;
        this.poll = poll;
        this.deliveries = deliveries;
        this.held = held;
        this.completion = completion;
        this.workers = workers;
        this.compareEvery = compareEvery;
        this.condition = new StoreCondition(platform, reporter, "dispatch");
        this.holdings = new Holdings(platform, store, held, completion, workers::cancel);
        this.seclusion = new Seclusion(platform, reporter, store, held, workers, this::deliver);
        this.claimAhead = new ClaimAhead(
                workers.number(), Math.min(deliveries.capacity(), store.traits().maxBatch()));
        this.nextPoll = platform.nanoTime();
        this.nextTry = nextPoll;
        this.lastCompare = nextPoll;
    }

    /** Hears that a job was taken or done, or results were written; any thread. Returns whether the duty should run for it. */
    public boolean hearRoom() {
        if (deliveries.size() > claimsAt) {
            return false;
        }
        claimsAt = -1;
        return true;
    }

    /** Hears of a job that is due then; any thread. Returns whether that is news, so that the duty should run. */
    public boolean hear(Instant due) {
        return hear(due.toEpochMilli());
    }

    /** Hears that jobs may have become claimable; any thread. Returns whether that is news. */
    public boolean hearAnything() {
        return hear(AT_ONCE);
    }

    private boolean hear(long due) {
        return heardDue.getAndAccumulate(due, Math::min) > due;
    }

    /** Whether the store answers. */
    public StoreCondition condition() {
        return condition;
    }

    @Override
    public Turn runOnce() {
        long now = platform.nanoTime();
        follow(member.joined().orElse(null));
        if (nextTry - now > 0) {
            return new Turn(0, Duration.ofNanos(nextTry - now));
        }
        Joined in = joined;
        try {
            if (in == null) {
                return new Turn(0, poll);
            }
            if (types.isEmpty()) {
                member.check();
                condition.answered();
                return new Turn(0, poll);
            }
            workers.startIfWanted();
            return compareAndClaim(in, now);
        } catch (RuntimeException e) {
            // also what the contract does not know: the store's faults must not end the dispatcher
            Duration pause = condition.failed(e);
            nextTry = platform.nanoTime() + pause.toNanos();
            return new Turn(0, pause);
        }
    }

    private Turn compareAndClaim(Joined in, long now) {
        try {
            int done = compareIfDue(in, now) + claimIfDue(in, now);
            if (seclusion.goOn()) {
                nextDue = AT_ONCE;
            }
            return new Turn(done, untilNext());
        } catch (NotMemberException e) {
            member.ended(in, e.ended().orElse(End.SUPERSEDED));
            return new Turn(0, poll);
        }
    }

    /** Another incarnation, or none: what was held under the one before has been taken, or will be. */
    private void follow(@Nullable Joined now) {
        if (Objects.equals(now, joined)) {
            return;
        }
        joined = now;
        held.all().forEach(holdings::stop);
        claimUnknown = false;
        nextPoll = platform.nanoTime();
        nextTry = nextPoll;
    }

    /**
     * The last comparison before the node leaves, or after it: this thread is the only one to claim, and has ended. Throws
     * what the store throws.
     */
    public void compareNow() {
        try {
            holdings.compare(member.node());
            condition.answered();
        } catch (RuntimeException e) {
            condition.failed(e);
            throw e;
        }
    }

    /** Hears that a job was cancelled at this attempt; any thread. */
    public void cancelled(JobInfo seen) {
        held.find(seen.id())
                .filter(job -> job.info().attempt() == seen.attempt())
                .ifPresent(holdings::stop);
    }

    /** Whether a claim may have been done whose answer was lost. */
    public boolean claimUnknown() {
        return claimUnknown;
    }

    private int compareIfDue(Joined in, long now) {
        if ((held.size() == 0 && !claimUnknown) || now - lastCompare < compareEvery.toNanos()) {
            return 0;
        }
        int differences = holdings.compare(in.node());
        if (!claimsFail) {
            condition.answered();
        }
        lastCompare = platform.nanoTime();
        if (now - claimFailedAt >= CALL_BOUND.toNanos()) {
            claimUnknown = false;
        }
        return differences;
    }

    private int claimIfDue(Joined in, long now) {
        int room = member.isLive() ? room() : 0;
        Instant time = platform.now();
        if (room == 0 || (nextPoll - now > 0 && earliestDue() > time.toEpochMilli())) {
            return 0;
        }
        heardDue.set(UNKNOWN);
        nextDue = AT_ONCE;
        claimsFail = true;
        boolean suspectsAlone = seclusion.wanted() == Suspects.ONLY;
        Claimed claimed = claim(in, time, room);
        claimsFail = false;
        condition.answered();
        nextPoll = platform.nanoTime() + poll.toNanos();
        if (claimed.jobs().size() < room && !suspectsAlone) {
            nextDue = nextDue(claimed, time);
        }
        if (held.size() == 0 && !claimUnknown) {
            lastCompare = platform.nanoTime();
        }
        claimAhead.claimed(claimed.jobs().size() == room, deliveries.size());
        largestOfLastClaim = 1;
        List<HeldJob> taken = claimed.jobs().stream().map(this::hold).toList();
        deliver(seclusion.sift(taken));
        return taken.size();
    }

    private static long nextDue(Claimed claimed, Instant asked) {
        long due = claimed.nextDue().map(Instant::toEpochMilli).orElse(UNKNOWN);
        boolean locked = claimed.jobs().isEmpty() && due <= asked.toEpochMilli();
        return locked ? asked.toEpochMilli() + UNTIL_UNLOCKED_MILLIS : due;
    }

    private HeldJob hold(Job job) {
        largestOfLastClaim = Math.max(largestOfLastClaim, job.payload().length);
        HeldJob taken = new HeldJob(job);
        held.add(taken);
        return taken;
    }

    private void deliver(List<HeldJob> taken) {
        if (!workers.offer(taken)) {
            taken.forEach(held::remove); // the queue stops: what is claimed and not held, it releases before it leaves
        }
    }

    private Claimed claim(Joined in, Instant time, int room) {
        List<ClaimSlot> slots =
                queues.stream().map(queue -> ClaimSlot.of(queue, types, room)).toList();
        try {
            return in.session().claim(seclusion.request(time, room, slots));
        } catch (NotMemberException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            if (isOutcomeUnknown(e)) {
                claimUnknown = true;
                claimFailedAt = platform.nanoTime();
            }
            throw e;
        }
    }

    /** A plain StoreException says that nothing was done; anything else says nothing. */
    private static boolean isOutcomeUnknown(Throwable e) {
        return !(e.getClass() == StoreException.class || e instanceof IllegalArgumentException);
    }

    /**
     * How many jobs to claim: what free workers can take, and some ahead while not too many bytes wait. Not before half of
     * those ahead were taken, or claims would be many and small.
     */
    private int room() {
        if (seclusion.isOn()) {
            return 0;
        }
        int free = workers.number() - held.open();
        int ahead = claimAhead.jobs();
        if (free <= 0 && deliveries.size() > ahead / 2) {
            return 0;
        }
        long bytes = Math.max(0, MOST_BYTES_AHEAD - held.bytesWaiting()) / largestOfLastClaim;
        int room = (int) Math.max(free, Math.min(free + ahead, bytes));
        room = Math.min(room, deliveries.capacity() - deliveries.size());
        room = Math.min(room, MOST_UNSETTLED - completion.unsettled());
        return Math.max(0, Math.min(room, store.traits().maxBatch()));
    }

    private long earliestDue() {
        return Math.min(heardDue.get(), nextDue);
    }

    /** Until the next poll, the next due job or the next comparison. Room and news wake this thread earlier. */
    private Duration untilNext() {
        long now = platform.nanoTime();
        Duration next = Duration.ofDays(1);
        if (held.size() > 0 || claimUnknown) {
            next = shorter(next, Duration.ofNanos(lastCompare + compareEvery.toNanos() - now));
        }
        next = shorter(next, seclusion.untilNext());
        if (!member.isLive()) {
            return shorter(next, compareEvery); // it claims nothing, however much there is, and nobody wakes it
        }
        claimsAt = claimsAt(); // before it asks for room, which may come at any moment
        if (room() > 0) {
            claimsAt = seclusion.awaitsQuiet() ? Integer.MAX_VALUE : -1;
            next = shorter(next, Duration.ofNanos(nextPoll - now));
            long wait = earliestDue() - platform.now().toEpochMilli();
            if (earliestDue() == AT_ONCE || wait <= 0) {
                return Duration.ZERO;
            }
            next = shorter(next, Duration.ofMillis(wait));
        }
        return next;
    }

    /**
     * What keeps it from claiming: too many deliveries that wait; or something else, of which each that is taken or done may
     * tell.
     */
    private int claimsAt() {
        int half = claimAhead.jobs() / 2;
        return deliveries.size() > half && !seclusion.isOn() ? half : Integer.MAX_VALUE;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
