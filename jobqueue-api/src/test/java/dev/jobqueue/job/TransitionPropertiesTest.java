package dev.jobqueue.job;

import static dev.jobqueue.job.JobStatus.CANCELLED;
import static dev.jobqueue.job.JobStatus.COMPLETED;
import static dev.jobqueue.job.JobStatus.FAILED;
import static dev.jobqueue.job.JobStatus.PENDING;
import static dev.jobqueue.job.JobStatus.PROCESSING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The rule table against a copy of it, written out edge by edge. */
class TransitionPropertiesTest {
    private record Edge(String transition, JobStatus from, JobStatus to) {}

    private static final Set<Edge> TABLE = Set.of(
            new Edge("CLAIM", PENDING, PROCESSING),
            new Edge("COMPLETE", PROCESSING, COMPLETED),
            new Edge("FAIL", PROCESSING, FAILED),
            new Edge("RETRY", FAILED, PENDING),
            new Edge("RECOVER", PROCESSING, PENDING),
            new Edge("RELEASE", PROCESSING, PENDING),
            new Edge("CANCEL", PENDING, CANCELLED),
            new Edge("CANCEL", PROCESSING, CANCELLED));

    @Example
    void hasTheEdgesOfTheTableAndNoOthers() {
        Set<Edge> edges = new HashSet<>();
        for (Transition transition : Transition.values()) {
            transition.from().forEach(from -> edges.add(new Edge(transition.name(), from, transition.to())));
        }

        assertEquals(TABLE, edges);
    }

    @Property
    void isAllowedFromAStatusIffTheTableSaysSo(@ForAll Transition transition, @ForAll JobStatus status) {
        assertEquals(
                TABLE.contains(new Edge(transition.name(), status, transition.to())), transition.allowedFrom(status));
    }

    @Property
    void refusesAJobIffTheTableLacksTheEdge(@ForAll Transition transition, @ForAll("jobs") JobInfo job) {
        if (TABLE.contains(new Edge(transition.name(), job.status(), transition.to()))) {
            transition.check(job);
        } else {
            var refused = assertThrows(IllegalTransitionException.class, () -> transition.check(job));
            assertEquals(
                    List.of(job.id(), job.status(), job.attempt(), transition.name()),
                    List.of(refused.jobId(), refused.status(), refused.attempt(), refused.tried()));
            String start = "job " + job.id() + " cannot " + transition + ": it is " + job.status() + " at attempt "
                    + job.attempt() + "; " + transition + " needs ";
            assertTrue(refused.getMessage().startsWith(start), refused.getMessage());
        }
    }

    @Property
    void claimsPendingJobsAlone(@ForAll("jobs") JobInfo job) {
        if (job.status() == PENDING) {
            JobInfo claimed = job.claimed(AnyJob.NODE, AnyJob.CREATED.plusSeconds(60));

            assertEquals(
                    job.toBuilder()
                            .status(PROCESSING)
                            .owner("node@" + AnyJob.NODE.incarnation())
                            .attempt(job.attempt() + 1)
                            .changedAt(AnyJob.CREATED.plusSeconds(60))
                            .build(),
                    claimed);
        } else {
            assertThrows(IllegalTransitionException.class, () -> job.claimed(AnyJob.NODE, AnyJob.CREATED));
        }
    }

    @Example
    void namesEveryStatusFromWhichItIsAllowed() {
        JobInfo done = AnyJob.in(COMPLETED);

        var refused = assertThrows(IllegalTransitionException.class, () -> Transition.CANCEL.check(done));

        assertEquals(
                "job " + done.id() + " cannot CANCEL: it is COMPLETED at attempt 3; CANCEL needs PENDING or PROCESSING",
                refused.getMessage());
    }

    @Property
    void neverLeavesAFinalStatusButByRetryFromFailed(@ForAll Transition transition, @ForAll JobStatus status) {
        if (status.isFinal() && transition.allowedFrom(status)) {
            assertEquals(List.of(Transition.RETRY, FAILED), List.of(transition, status));
        }
    }

    @Property
    void isFinalIffDone(@ForAll JobStatus status) {
        assertEquals(Set.of(COMPLETED, FAILED, CANCELLED).contains(status), status.isFinal());
    }

    @Provide
    Arbitrary<JobInfo> jobs() {
        return AnyJob.inAnyStatus();
    }
}
