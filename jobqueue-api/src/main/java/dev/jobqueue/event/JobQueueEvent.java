package dev.jobqueue.event;

/**
 * Something that happened in a queue. Which events there are, and at what level each is logged, stands in
 * docs/reference/events.md. Events may be added: treat what you do not know as nothing.
 */
public sealed interface JobQueueEvent
        permits EventsDropped,
                HandlerCancelled,
                HandlerStuck,
                HandlerTimedOut,
                JobCompleted,
                JobFailed,
                JobNotRecovered,
                JobRecovered,
                JobReleased,
                JobRetryScheduled,
                JobSnoozed,
                NodeEnded,
                NodeJoined,
                QueueStarted,
                QueueStopped,
                RecoveryCompleted,
                RecoveryFailed,
                RecoveryProgress,
                RecoveryStarted,
                ResultRefused,
                ResultUnknown,
                StoreAvailable,
                StoreUnavailable,
                TypeUnhandled {}
