package dev.jobqueue.core.simulation;

import dev.jobqueue.core.simulation.Book.How;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobStatus;
import java.time.Duration;
import java.util.Map;

/** The auditor's view of the rules: which change may follow from what, made by whom, and with which numbers. */
final class Edges {
    /** How many failures a job may have: the scenario's. */
    static final int MOST_FAILURES = 3;

    private static final int MOST_CONVICTIONS = 3;

    private final Auditor auditor;

    Edges(Auditor auditor) {
        this.auditor = auditor;
    }

    void taken(Process process, Book book, JobInfo before, JobInfo after) {
        keepsItsFields(book, before, after);
        switch (before.status()) {
            case PENDING -> {
                if (after.status() == JobStatus.CANCELLED) {
                    cancelled(book, before, after);
                } else if (after.status() != JobStatus.PENDING) {
                    throw wrong(before, after, "");
                }
            }
            case PROCESSING -> {
                Book.Claim claim = book.claim();
                switch (after.status()) {
                    case COMPLETED -> completed(process, claim, before, after);
                    case FAILED -> failed(process, claim, before, after);
                    case CANCELLED -> cancelled(book, before, after);
                    case PENDING -> back(process, claim, before, after);
                    case PROCESSING -> {}
                }
            }
            case FAILED -> {
                if (after.status() != JobStatus.PENDING || !book.retryAsked || after.failures() + after.crashes() > 0) {
                    throw wrong(before, after, "nobody sent it again");
                }
            }
            case COMPLETED, CANCELLED -> throw wrong(before, after, "it was final");
        }
    }

    private Vanished wrong(JobInfo before, JobInfo after, String why) {
        return auditor.wrong(2, Texts.job(before) + " became " + Texts.job(after) + ": " + why);
    }

    private void keepsItsFields(Book book, JobInfo before, JobInfo after) {
        boolean kept = after.id().equals(before.id())
                && after.attempt() == before.attempt()
                && after.type().equals(before.type())
                && after.queue().equals(before.queue())
                && after.priority() == before.priority()
                && after.createdAt().equals(before.createdAt())
                && ownAttributes(after).equals(ownAttributes(before))
                && after.owner().isPresent() == (after.status() == JobStatus.PROCESSING);
        if (!kept) {
            throw wrong(before, after, "a change changed more than it may: " + after);
        }
    }

    private static Map<String, String> ownAttributes(JobInfo job) {
        if (job.attributes().keySet().stream().noneMatch(key -> key.startsWith("jobqueue."))) {
            return job.attributes();
        }
        Map<String, String> own = new java.util.HashMap<>(job.attributes());
        own.keySet().removeIf(key -> key.startsWith("jobqueue."));
        return own;
    }

    private void cancelled(Book book, JobInfo before, JobInfo after) {
        if (book.cancelsAsked == 0) {
            throw wrong(before, after, "nobody cancelled it");
        }
    }

    private void itsOwn(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        if (claim.process != process) {
            throw wrong(before, after, process + " wrote it, but " + claim.process + " ran it");
        }
    }

    private void completed(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        itsOwn(process, claim, before, after);
        if (!claim.hasEnded(How.RETURNED)) {
            throw wrong(before, after, "its handler has not returned");
        }
        Script.timeout(before.type()).ifPresent(timeout -> {
            Duration ran = Duration.ofNanos(claim.ended - claim.began);
            if (ran.compareTo(timeout.plus(auditor.slack())) > 0 && claim.process.pausedUntil < claim.began) {
                throw wrong(before, after, "its handler ran for " + ran + ", and its timeout is " + timeout);
            }
        });
        crashesAreOver(before, after);
    }

    private void crashesAreOver(JobInfo before, JobInfo after) {
        if (after.crashes() != 0) {
            throw wrong(before, after, "its handler ran, but crashes are " + after.crashes());
        }
    }

    private void failed(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        if (after.failures() == before.failures()) {
            if (after.crashes() != before.crashes() + 1 || after.crashes() < MOST_CONVICTIONS || claim.by.isLive()) {
                throw wrong(before, after, "it is quarantined without cause");
            }
            return;
        }
        itsOwn(process, claim, before, after);
        hasFailed(claim, before, after);
        if (after.failures() < MOST_FAILURES && !claim.hasEnded(How.REFUSED)) {
            throw wrong(before, after, "it may be tried again after " + after.failures() + " failures");
        }
    }

    private boolean timedOut(Book.Claim claim, JobInfo job) {
        return Script.timeout(job.type())
                .map(timeout -> claim.began >= 0 && auditor.now() - timeBegan(claim) >= timeout.toNanos())
                .orElse(false);
    }

    /** A timeout counts from before the handler's first statement, as early as the claim if all stood still meanwhile. */
    private long timeBegan(Book.Claim claim) {
        return claim.process.pausedUntil >= claim.arrived
                ? claim.arrived
                : Math.max(claim.arrived, claim.began - auditor.slack().toNanos());
    }

    private void hasFailed(Book.Claim claim, JobInfo before, JobInfo after) {
        if (!claim.hasEnded(How.THREW) && !claim.hasEnded(How.REFUSED) && !timedOut(claim, before)) {
            throw wrong(before, after, "its handler has not failed");
        }
        if (after.failures() != before.failures() + 1) {
            throw wrong(before, after, "failures went from " + before.failures() + " to " + after.failures());
        }
        crashesAreOver(before, after);
    }

    private void back(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        if (after.failures() > before.failures()) {
            itsOwn(process, claim, before, after);
            hasFailed(claim, before, after);
            Duration delay = Duration.between(after.changedAt(), after.runAt());
            Duration least = Script.RETRY.multipliedBy(1L << (after.failures() - 1));
            if (after.failures() >= MOST_FAILURES
                    || claim.hasEnded(How.REFUSED) && !timedOut(claim, before)
                    || delay.minus(least).abs().compareTo(Duration.ofMillis(2)) > 0) {
                throw wrong(before, after, "tried again after " + delay + " and " + after.failures() + " failures");
            }
        } else if (after.crashes() > before.crashes()) {
            recovered(process, claim, before, after);
        } else {
            released(process, claim, before, after);
        }
    }

    private void recovered(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        if (claim.by.isLive()) {
            throw wrong(before, after, "recovered by " + process + ", but its owner is live");
        }
        if (after.crashes() != before.crashes() + 1 || !after.runAt().equals(before.runAt())) {
            throw wrong(before, after, "crashes went from " + before.crashes() + " to " + after.crashes());
        }
        auditor.host(process).recovered++;
    }

    private void released(Process process, Book.Claim claim, JobInfo before, JobInfo after) {
        itsOwn(process, claim, before, after);
        if (claim.began < 0) {
            if (after.crashes() != before.crashes() || !after.runAt().equals(before.runAt())) {
                throw wrong(before, after, "it never ran, but more than its status changed");
            }
            return;
        }
        crashesAreOver(before, after);
        if (claim.hasEnded(How.SNOOZED)) {
            Duration delay = Duration.between(after.changedAt(), after.runAt());
            if (delay.minus(claim.snooze).abs().compareTo(Duration.ofMillis(2)) > 0
                    && !auditor.beganToStopSince(process, claim.at)) {
                throw wrong(before, after, "it snoozed for " + claim.snooze + ", but is due after " + delay);
            }
        } else if (!auditor.beganToStopSince(process, claim.at) && claim.by.isLive()) {
            throw wrong(before, after, "its handler ran, and nothing stopped it");
        }
    }
}
