package dev.jobqueue.core.report;

import dev.jobqueue.event.ClockSkewed;
import dev.jobqueue.event.DutyFailed;
import dev.jobqueue.event.EventsDropped;
import dev.jobqueue.event.HandlerCancelled;
import dev.jobqueue.event.HandlerStuck;
import dev.jobqueue.event.HandlerTimedOut;
import dev.jobqueue.event.JobCompleted;
import dev.jobqueue.event.JobFailed;
import dev.jobqueue.event.JobNotRecovered;
import dev.jobqueue.event.JobQuarantined;
import dev.jobqueue.event.JobQueueEvent;
import dev.jobqueue.event.JobRecovered;
import dev.jobqueue.event.JobReleased;
import dev.jobqueue.event.JobRetryScheduled;
import dev.jobqueue.event.JobSnoozed;
import dev.jobqueue.event.ListenerFailed;
import dev.jobqueue.event.NodeEnded;
import dev.jobqueue.event.NodeJoined;
import dev.jobqueue.event.NodeUnnamed;
import dev.jobqueue.event.QueueStarted;
import dev.jobqueue.event.QueueStopped;
import dev.jobqueue.event.RecoveryCompleted;
import dev.jobqueue.event.RecoveryFailed;
import dev.jobqueue.event.RecoveryProgress;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.event.RecoveryStarted;
import dev.jobqueue.event.ResultRefused;
import dev.jobqueue.event.ResultUnknown;
import dev.jobqueue.event.SilentNodeEnded;
import dev.jobqueue.event.StoreAvailable;
import dev.jobqueue.event.StoreUnavailable;
import dev.jobqueue.event.SuspectRunsAlone;
import dev.jobqueue.event.TypeUnhandled;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.End;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One of each event. */
final class SampleEvents {
    static final JobId ID = JobId.of(new UUID(1, 2));
    static final Node NODE = Node.of("node", new UUID(3, 4));
    static final Instant RUN_AT = Instant.parse("2026-01-01T00:00:01Z");
    static final Duration SECOND = Duration.ofMillis(1_234);
    static final Throwable CAUSE = new IllegalStateException("why");
    static final RecoveryReport REPORT =
            new RecoveryReport(11, 7, 1, 3, List.of(), 40, 10, 30, Map.of("fax", 2L), SECOND);

    static final List<JobQueueEvent> ALL = List.of(
            new NodeJoined(NODE, "memory"),
            new QueueStarted(NODE, 10),
            new QueueStopped(NODE, 1, 2, SECOND),
            new NodeUnnamed(NODE),
            new SilentNodeEnded(NODE, SECOND),
            new ClockSkewed(SECOND),
            new NodeEnded(NODE, End.SUPERSEDED),
            new RecoveryStarted(NODE, "memory"),
            new JobRecovered(ID, "email", 1, 2),
            new JobQuarantined(ID, "mail", 4, 5, 3),
            new SuspectRunsAlone(ID, "mail", 4, 4, 2),
            new JobNotRecovered(ID, "email", 1, CAUSE),
            new RecoveryProgress(5, 1, SECOND),
            new RecoveryCompleted(REPORT),
            new RecoveryFailed(REPORT, CAUSE),
            new TypeUnhandled("fax", 2),
            new JobCompleted(ID, "email", 1, SECOND),
            new JobFailed(ID, "email", 1, 5, "why\n\tat somewhere"),
            new JobRetryScheduled(ID, "email", 1, 2, RUN_AT, "why\n\tat somewhere"),
            new JobSnoozed(ID, "email", 1, RUN_AT),
            new JobReleased(ID, "email", 1, RUN_AT),
            new ResultRefused(ID, "email", 1, "COMPLETE", "STALE"),
            new ResultUnknown(ID, "email", 1, "COMPLETE", "STALE"),
            new HandlerTimedOut(ID, "email", 1, SECOND),
            new HandlerCancelled(ID, "email", 1),
            new HandlerStuck(ID, "email", 1),
            new StoreUnavailable("dispatch", CAUSE),
            new StoreAvailable("dispatch", SECOND),
            new EventsDropped(3),
            new ListenerFailed("Listener", CAUSE),
            new DutyFailed("dispatch", CAUSE));

    private SampleEvents() {}
}
