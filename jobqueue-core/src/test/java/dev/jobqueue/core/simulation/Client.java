package dev.jobqueue.core.simulation;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobIdConflictException;
import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobQueueException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A thread of a host that submits some jobs, and now and then cancels or retries one of anybody's. */
final class Client implements Runnable {
    private final Scenario scenario;
    private final Supplier<? extends @Nullable JobClient> client;
    private final SplittableRandom plan;
    private final int jobs;

    Client(Scenario scenario, Supplier<? extends @Nullable JobClient> client, SplittableRandom plan, int jobs) {
        this.scenario = scenario;
        this.client = client;
        this.plan = plan;
        this.jobs = jobs;
    }

    @Override
    public void run() {
        int left = jobs;
        while (left > 0) {
            scenario.scheduler.sleep(Duration.ofMillis(plan.nextInt(plan.nextInt(8) == 0 ? 4_000 : 300)));
            JobClient now = client.get();
            if (now == null) {
                continue;
            }
            left--;
            try {
                act(now);
            } catch (JobQueueException e) {
                line("client is told " + e);
            }
        }
    }

    private void act(JobClient now) {
        int ids = scenario.ids().size();
        JobId known = ids == 0 ? null : scenario.ids().get(ids - 1 - plan.nextInt(Math.min(5, ids)));
        int what = plan.nextInt(10);
        if ((what == 0 || what == 3) && known != null) {
            scenario.auditor.cancelAsked(known);
            line("cancel " + Texts.id(known));
            scenario.auditor.cancelled(known, now.cancel(known));
        } else if (what == 1 && known != null) {
            scenario.auditor.retryAsked(known);
            line("retry " + Texts.id(known));
            now.retry(known);
        } else if (what == 2 && known != null) {
            another(now, known);
        } else {
            scenario.submit(now, request());
        }
    }

    /** Another job under an id that is there. */
    private void another(JobClient now, JobId known) {
        try {
            now.submit(JobRequest.of(Script.PLAIN, new Script("r", Duration.ZERO).text(scenario.nextNumber()))
                    .withId(known));
        } catch (JobIdConflictException e) {
            return;
        }
        throw scenario.auditor.wrong(9, "submit of another job as " + Texts.id(known) + " is taken");
    }

    private JobRequest request() {
        int number = scenario.nextNumber();
        String type = plan.nextInt(3) == 0 ? Script.TIMED : Script.PLAIN;
        JobRequest request = JobRequest.of(
                        type, Script.any(plan, scenario.longestWork).text(number))
                .withPriority(plan.nextInt(10));
        if (plan.nextInt(4) == 0) {
            request = request.withDelay(Duration.ofMillis(plan.nextInt(4_000)));
        }
        return plan.nextInt(4) == 0 ? request.withId(JobId.of("order " + number)) : request;
    }

    private void line(String what) {
        scenario.trace.line(scenario.scheduler, what);
    }
}
