package dev.jobqueue.core.dispatch;

import dev.jobqueue.core.delivery.HeldJob;
import dev.jobqueue.core.delivery.HeldJobs;
import dev.jobqueue.core.report.Reporter;
import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.core.work.Workers;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.SuspectRunsAlone;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ApplyOutcome;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.Suspects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has suspects run alone, since only a crash that a job suffers alone says that it is the cause. A claimed suspect waits here,
 * and its node claims no other job, until the node holds nothing else; then it is marked in the store, and runs. When it has
 * ended, the next suspect follows.
 *
 * <p>Neither kind waits for the other for ever: a suspect for which the node does not empty in time goes back to the store for
 * a while; one that runs for too long loses its mark and gets company; and after a minute of suspects the others have one.
 *
 * <p>All on the dispatcher's thread.
 */
final class Seclusion {
    /** So long a node waits for what it holds to end, before a suspect begins. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** After a wait in vain, unless the node is empty earlier. */
    static final Duration UNTIL_THE_NEXT_WAIT = Duration.ofMinutes(5);
    /** So long a suspect keeps others from its node; so long suspects begin in a row; and so long they then let others. */
    static final Duration LONGEST_TURN = Duration.ofMinutes(1);

    private static final Duration UNTIL_CLAIMED = Duration.ofDays(1);

    private final Platform platform;
    private final Reporter reporter;
    private final JobStore store;
    private final HeldJobs held;
    private final Workers workers;
    private final Consumer<List<HeldJob>> deliver;

    /** The suspect at hand: it waits, or runs alone. */
    private @Nullable HeldJob suspect;

    private boolean runs;
    /** Since when it does. */
    private long since;

    private boolean inARow;
    private long rowBegan;
    private boolean othersTurn;
    private boolean waitedInVain;
    private long turnEnds;

    /** @param deliver hands jobs to the workers */
    Seclusion(
            Platform platform,
            Reporter reporter,
            JobStore store,
            HeldJobs held,
            Workers workers,
            Consumer<List<HeldJob>> deliver) {
        this.platform = platform;
        this.reporter = reporter;
        this.store = store;
        this.held = held;
        this.workers = workers;
        this.deliver = deliver;
    }

    /** Whether a suspect is at hand, for the sake of which nothing is claimed. */
    boolean isOn() {
        return suspect != null;
    }

    /** Whether it is of interest that the node holds nothing any more, although others are claimed. */
    boolean awaitsQuiet() {
        return othersTurn && waitedInVain;
    }

    /** Which jobs the next claim asks for: both kinds, as long as nobody knows of a suspect; that costs no call. */
    Suspects wanted() {
        if (othersTurn) {
            return Suspects.NONE;
        }
        return inARow ? Suspects.ONLY : Suspects.ANY;
    }

    /** A claim of what is wanted from these slots: of suspects one, and before the others, or there might never be room. */
    ClaimRequest request(Instant now, int room, List<ClaimSlot> slots) {
        return switch (wanted()) {
            case NONE ->
                ClaimRequest.of(now, room, slots.stream().map(Seclusion::others).toList());
            case ONLY ->
                ClaimRequest.of(
                        now, 1, slots.stream().map(Seclusion::oneSuspect).toList());
            case ANY ->
                ClaimRequest.of(
                        now,
                        room,
                        slots.stream()
                                .flatMap(slot -> Stream.of(oneSuspect(slot), others(slot)))
                                .toList());
        };
    }

    private static ClaimSlot others(ClaimSlot slot) {
        return slot.withSuspects(Suspects.NONE);
    }

    private static ClaimSlot oneSuspect(ClaimSlot slot) {
        return ClaimSlot.of(slot.queue(), slot.types(), 1).withSuspects(Suspects.ONLY);
    }

    /**
     * Returns those of the claimed jobs that may begin: all, if there is no suspect among them. Else it keeps the first, and
     * gives back whatever has not begun: what waited with the suspect would be an orphan, too, if that ends the process.
     */
    List<HeldJob> sift(List<HeldJob> claimed) {
        Optional<HeldJob> first =
                claimed.stream().filter(job -> job.info().suspect()).findFirst();
        if (first.isEmpty()) {
            inARow = false;
            return claimed;
        }
        HeldJob kept = first.get();
        suspect = kept;
        runs = false;
        since = platform.nanoTime();
        rowBegan = inARow ? rowBegan : since;
        workers.giveBack(held.all().stream()
                .filter(job -> job != kept && job.endUnlessBegun())
                .toList());
        return List.of();
    }

    /**
     * Goes on with the suspect at hand. Returns whether there is reason to claim again. Throws what the store throws, and is
     * to be called again then.
     */
    boolean goOn() {
        HeldJob job = suspect;
        if (job == null) {
            boolean over = othersTurn && (platform.nanoTime() - turnEnds >= 0 || (waitedInVain && holdsOnly(0)));
            othersTurn &= !over;
            return over;
        }
        long lasts = platform.nanoTime() - since;
        if (!held.find(job.info().id()).equals(Optional.of(job))) {
            ended();
        } else if (runs && lasts >= LONGEST_TURN.toNanos()) {
            amended(job, amendment(job).withoutAttribute(JobInfo.ALONE));
            letOthers(LONGEST_TURN);
        } else if (!runs && lasts >= LONGEST_WAIT.toNanos()) {
            workers.giveBack(Stream.of(job).filter(HeldJob::endUnlessBegun).toList());
            letOthers(UNTIL_THE_NEXT_WAIT);
            waitedInVain = true;
        } else if (!runs && holdsOnly(1)) {
            begin(job);
        }
        return suspect == null;
    }

    private boolean holdsOnly(int jobs) {
        return held.size() == jobs && workers.busy() == 0;
    }

    private void ended() {
        if (platform.nanoTime() - rowBegan < LONGEST_TURN.toNanos()) {
            suspect = null;
            inARow = true;
        } else {
            letOthers(LONGEST_TURN);
        }
    }

    private void letOthers(Duration time) {
        suspect = null;
        inARow = false;
        othersTurn = true;
        waitedInVain = false;
        turnEnds = platform.nanoTime() + time.toNanos();
    }

    private void begin(HeldJob job) {
        JobInfo info = job.info();
        // a handler that went on after its timeout may be the one that ends the process: then nobody is convicted
        boolean marks = workers.stuck() == 0;
        if (marks && !amended(job, amendment(job).withAttribute(JobInfo.ALONE, Integer.toString(info.attempt())))) {
            held.remove(job); // it was cancelled, or taken elsewhere
            ended();
            return;
        }
        runs = true;
        since = platform.nanoTime();
        reporter.publish(
                new SuspectRunsAlone(info.id(), info.type(), info.attempt(), info.crashes(), info.convictions()));
        deliver.accept(List.of(job));
    }

    private Change amendment(HeldJob job) {
        return Change.amend(job.info(), platform.now());
    }

    /** Whether the job is this node's still, marked or not. A store that can't hold the mark can't have it convicted. */
    private boolean amended(HeldJob job, Change change) {
        try {
            List<ApplyOutcome> outcomes = store.apply(List.of(change));
            if (outcomes.size() != 1) {
                throw new OutcomeUnknownException(
                        "apply must answer the one change, but answered " + outcomes.size(), null);
            }
            return outcomes.get(0).isApplied();
        } catch (IllegalArgumentException e) {
            JobInfo info = job.info();
            reporter.publish(new ResultRefused(
                    info.id(), info.type(), info.attempt(), "AMEND", "refused by the store: " + e.getMessage()));
            return true;
        }
    }

    /** Until {@link #goOn} has something to do, if nobody wakes the dispatcher earlier. */
    Duration untilNext() {
        long now = platform.nanoTime();
        if (suspect != null) {
            return (runs ? LONGEST_TURN : LONGEST_WAIT).minusNanos(now - since);
        }
        return othersTurn ? Duration.ofNanos(turnEnds - now) : UNTIL_CLAIMED;
    }
}
