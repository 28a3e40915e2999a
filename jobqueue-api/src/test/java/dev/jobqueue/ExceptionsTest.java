package dev.jobqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.job.AnyJob;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
    private static final RecoveryReport REPORT =
            new RecoveryReport(3, 2, 0, 1, List.of(), 0, 0, 0, Map.of(), Duration.ZERO);

    @Test
    void nameOneFaultOrAllOfThem() {
        String workers = "workers must be 1 to 10000, but was 0";
        String timeout = "recovery.timeout must be more than zero, but was PT0S";

        ConfigurationException one = new ConfigurationException(List.of(workers));
        ConfigurationException two = new ConfigurationException(List.of(workers, timeout));

        assertEquals("1 fault in the configuration: " + workers, one.getMessage());
        assertEquals("2 faults in the configuration: " + workers + "; " + timeout, two.getMessage());
        assertEquals(List.of(workers, timeout), two.faults());
    }

    @Test
    void carryTheirFacts() {
        Exception cause = new Exception("cause");
        List<JobId> ids = List.of(JobId.of("order-4711"));

        SubmitException submit = new SubmitException(ids, "no answer", cause);
        RecoveryException recovery = new RecoveryException("timed out", REPORT, cause);
        QueueStateException state = new QueueStateException(QueueState.CLOSED, "closed");

        assertEquals(ids, submit.ids());
        assertSame(cause, submit.getCause());
        assertSame(REPORT, recovery.report());
        assertSame(cause, recovery.getCause());
        assertEquals(QueueState.CLOSED, state.state());
        List<Submission> submissions = List.of(new Submission(ids.get(0), false));
        JobIdConflictException conflict = new JobIdConflictException(ids, submissions);
        assertEquals(List.of(ids, submissions), List.of(conflict.conflicts(), conflict.submissions()));
        assertTrue(conflict.getMessage().contains(ids.toString()), conflict.getMessage());
        for (Exception each : List.of(submit, recovery, state, conflict)) {
            assertTrue(each instanceof JobQueueException);
        }
    }

    @Test
    void aReportCopiesWhatCouldChange() {
        List<RecoveryReport.Failure> failures = new ArrayList<>();
        RecoveryReport report = new RecoveryReport(0, 0, 0, 0, failures, 0, 0, 0, Map.of("email", 1L), Duration.ZERO);

        failures.add(new RecoveryReport.Failure(JobId.of("order-4711"), new Exception("cause")));

        assertEquals(List.of(), report.failures());
    }

    @Test
    void aQueueIsHealthyWhenItRunsWithoutAProblem() {
        assertTrue(health(QueueState.RUNNING, List.of()).healthy());
        assertFalse(
                health(QueueState.RUNNING, List.of("the store does not answer")).healthy());
        assertFalse(health(QueueState.CLOSED, List.of()).healthy());
    }

    private static Health health(QueueState state, List<String> problems) {
        return new Health(state, AnyJob.NODE, 10, 0, 0, 0, 0, 0, REPORT, problems);
    }
}
