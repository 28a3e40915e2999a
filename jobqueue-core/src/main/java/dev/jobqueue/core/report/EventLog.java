package dev.jobqueue.core.report;

import static org.slf4j.event.Level.DEBUG;
import static org.slf4j.event.Level.ERROR;
import static org.slf4j.event.Level.INFO;
import static org.slf4j.event.Level.WARN;

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
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log line of each event: the one place with every level, name and key. They are API; docs/reference/events.md lists
 * them, and a test compares it with this table. Keys are part of the message, which no log pattern drops.
 */
final class EventLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.jobqueue");

    private static final List<String> REPORT =
            List.of("found", "recovered", "quarantined", "failed", "pending", "delivered", "deferred", "took_ms");

    /** What every queue tells. The others are a table of their own: a start need not load what nobody may ever tell. */
    private static final Map<Class<? extends JobQueueEvent>, Line<?>> OF_EACH_LIFE = ofEachLife();

    private static final class Others {
        static final Map<Class<? extends JobQueueEvent>, Line<?>> LINES = others();
    }

    /** Every event's line, by its record. */
    static Map<Class<? extends JobQueueEvent>, Line<?>> lines() {
        Map<Class<? extends JobQueueEvent>, Line<?>> lines = new LinkedHashMap<>(OF_EACH_LIFE);
        lines.putAll(Others.LINES);
        return lines;
    }

    private static Map<Class<? extends JobQueueEvent>, Line<?>> ofEachLife() {
        Table table = new Table();
        table.add(NodeJoined.class, INFO, "node_joined", "node,store", e -> List.of(e.node(), e.store()));
        table.add(RecoveryStarted.class, INFO, "recovery_started", "node,store", e -> List.of(e.node(), e.store()));
        table.add(
                RecoveryCompleted.class, INFO, "recovery_completed", String.join(",", REPORT), e -> facts(e.report()));
        table.add(QueueStarted.class, INFO, "queue_started", "node,workers", e -> List.of(e.node(), e.workers()));
        table.add(
                QueueStopped.class,
                INFO,
                "queue_stopped",
                "node,released,unfinished,took_ms",
                e -> List.of(e.node(), e.released(), e.unfinished(), e.took().toMillis()));
        return table.lines;
    }

    private static Map<Class<? extends JobQueueEvent>, Line<?>> others() {
        Table table = new Table();
        table.add(
                JobRecovered.class,
                DEBUG,
                "job_recovered",
                "job_id,type,attempt,crashes",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.crashes()));
        table.add(
                JobNotRecovered.class,
                WARN,
                "job_not_recovered",
                "job_id,type,attempt,cause",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.cause()));
        table.add(
                JobQuarantined.class,
                ERROR,
                "job_quarantined",
                "job_id,type,attempt,crashes,convictions",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.crashes(), e.convictions()));
        table.add(
                SuspectRunsAlone.class,
                WARN,
                "suspect_runs_alone",
                "job_id,type,attempt,crashes,convictions",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.crashes(), e.convictions()));
        table.add(
                RecoveryProgress.class,
                INFO,
                "recovery_progress",
                "recovered,failed,took_ms",
                e -> List.of(e.recovered(), e.failed(), e.took().toMillis()));
        table.add(
                RecoveryFailed.class,
                ERROR,
                "recovery_failed",
                String.join(",", REPORT) + ",cause",
                e -> with(facts(e.report()), e.cause()));
        table.add(TypeUnhandled.class, WARN, "type_unhandled", "type,pending", e -> List.of(e.type(), e.pending()));
        table.add(NodeUnnamed.class, WARN, "node_unnamed", "node", e -> List.of(e.node()));
        table.add(
                SilentNodeEnded.class,
                WARN,
                "silent_node_ended",
                "node,lease_ms",
                e -> List.of(e.node(), e.lease().toMillis()));
        table.add(
                ClockSkewed.class,
                WARN,
                "clock_skewed",
                "ahead_ms",
                e -> List.of(e.ahead().toMillis()));
        table.add(NodeEnded.class, ERROR, "node_ended", "node,end", e -> List.of(e.node(), e.end()));
        table.add(
                JobCompleted.class,
                DEBUG,
                "job_completed",
                "job_id,type,attempt,took_ms",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.took().toMillis()));
        table.add(
                JobFailed.class,
                ERROR,
                "job_failed",
                "job_id,type,attempt,failures,error",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.failures(), firstLine(e.error())));
        table.add(
                JobRetryScheduled.class,
                WARN,
                "job_retry_scheduled",
                "job_id,type,attempt,failures,run_at,error",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.failures(), e.runAt(), firstLine(e.error())));
        table.add(
                JobSnoozed.class,
                DEBUG,
                "job_snoozed",
                "job_id,type,attempt,run_at",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.runAt()));
        table.add(
                JobReleased.class,
                INFO,
                "job_released",
                "job_id,type,attempt,run_at",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.runAt()));
        table.add(
                ResultRefused.class,
                WARN,
                "result_refused",
                "job_id,type,attempt,tried,stands_at",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.tried(), e.standsAt()));
        table.add(
                ResultUnknown.class,
                WARN,
                "result_unknown",
                "job_id,type,attempt,tried,stands_at",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.tried(), e.standsAt()));
        table.add(
                HandlerTimedOut.class,
                WARN,
                "handler_timed_out",
                "job_id,type,attempt,timeout_ms",
                e -> List.of(e.jobId(), e.type(), e.attempt(), e.timeout().toMillis()));
        table.add(
                HandlerCancelled.class,
                INFO,
                "handler_cancelled",
                "job_id,type,attempt",
                e -> List.of(e.jobId(), e.type(), e.attempt()));
        table.add(
                HandlerStuck.class,
                ERROR,
                "handler_stuck",
                "job_id,type,attempt",
                e -> List.of(e.jobId(), e.type(), e.attempt()));
        table.add(StoreUnavailable.class, WARN, "store_unavailable", "duty,cause", e -> List.of(e.duty(), e.cause()));
        table.add(
                StoreAvailable.class,
                INFO,
                "store_available",
                "duty,outage_ms",
                e -> List.of(e.duty(), e.outage().toMillis()));
        table.add(EventsDropped.class, WARN, "events_dropped", "dropped", e -> List.of(e.dropped()));
        table.add(
                ListenerFailed.class,
                ERROR,
                "listener_failed",
                "listener,cause",
                e -> List.of(e.listener(), e.cause()));
        table.add(DutyFailed.class, ERROR, "duty_failed", "duty,cause", e -> List.of(e.duty(), e.cause()));
        return table.lines;
    }

    private static List<Object> facts(RecoveryReport report) {
        return List.of(
                report.found(),
                report.recovered(),
                report.quarantined(),
                report.failed(),
                report.pending(),
                report.delivered(),
                report.deferred(),
                report.took().toMillis());
    }

    private static List<Object> with(List<Object> values, Object one) {
        return Stream.concat(values.stream(), Stream.of(one)).toList();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    boolean isDebugEnabled() {
        return LOG.isDebugEnabled();
    }

    /** Writes the event's line; a cause stands in it as text, and at ERROR with its stack trace. */
    void write(JobQueueEvent event) {
        line(event).write(event);
    }

    private static Line<?> line(JobQueueEvent event) {
        Line<?> line = OF_EACH_LIFE.get(event.getClass());
        if (line == null) {
            line = Others.LINES.get(event.getClass());
        }
        if (line == null) {
            throw new IllegalStateException("no log line for " + event.getClass());
        }
        return line;
    }

    /**
     * How an event is logged.
     *
     * @param <E> the event
     */
    record Line<E extends JobQueueEvent>(
            Class<E> event, Level level, String name, List<String> keys, Function<E, List<?>> values) {

        void write(JobQueueEvent told) {
            if (LOG.isEnabledForLevel(level)) {
                List<Object> values = new ArrayList<>(values().apply(event.cast(told)));
                Object last = values.get(values.size() - 1);
                if (last instanceof Throwable thrown) {
                    boolean printable = isPrintable(thrown);
                    values.set(
                            values.size() - 1,
                            printable ? thrown.toString() : thrown.getClass().getName());
                    if (level == ERROR && printable) {
                        values.add(thrown);
                    }
                }
                log(format(), values.toArray());
            }
        }

        /** The plain calls: the fluent ones load twice as much before a program's first line. */
        private void log(String format, Object[] arguments) {
            switch (level) {
                case ERROR -> LOG.error(format, arguments);
                case WARN -> LOG.warn(format, arguments);
                case INFO -> LOG.info(format, arguments);
                case DEBUG -> LOG.debug(format, arguments);
                case TRACE -> LOG.trace(format, arguments);
            }
        }

        /** A host's exception may override anything, and do it wrongly: that must not end a thread of the queue's. */
        private static boolean isPrintable(Throwable thrown) {
            try {
                thrown.printStackTrace(new PrintWriter(Writer.nullWriter()));
                return thrown.toString() != null;
            } catch (RuntimeException | StackOverflowError e) {
                return false;
            }
        }

        private String format() {
            StringBuilder format = new StringBuilder("event=").append(name);
            for (String key : keys) {
                format.append(' ').append(key).append("={}");
            }
            return format.toString();
        }
    }

    private static final class Table {
        private final Map<Class<? extends JobQueueEvent>, Line<?>> lines = new LinkedHashMap<>();

        <E extends JobQueueEvent> void add(
                Class<E> event, Level level, String name, String keys, Function<E, List<?>> values) {
            lines.put(event, new Line<>(event, level, name, List.of(keys.split(",")), values));
        }
    }
}
