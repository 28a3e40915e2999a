package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.StoreSession;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Inserts, claims and completes until it is halted in the middle of it, and says what was acknowledged. */
final class WorksAndHalts {
    static final int HALT_AFTER = 20;

    private WorksAndHalts() {}

    public static void main(String[] args) {
        SqliteJobStore store = SqliteJobStore.open(Path.of(args[0]));
        StoreSession session = TestJobs.join(store);
        for (int round = 0; ; round++) {
            if (round == HALT_AFTER) {
                haltSoon();
            }
            String name = "round " + round + " job ";
            List<Job> jobs =
                    IntStream.range(0, 50).mapToObj(i -> TestJobs.job(name + i)).toList();
            store.insert(jobs);
            say("inserted", jobs);
            List<Job> claimed = session.claim(TestJobs.claiming(20)).jobs();
            say("claimed", claimed);
            List<Job> done = claimed.subList(0, 10);
            store.apply(done.stream()
                    .map(job -> Change.complete(job.info(), TestJobs.NOW))
                    .toList());
            say("completed", done);
        }
    }

    private static void haltSoon() {
        new Thread(() -> Runtime.getRuntime().halt(3)).start();
    }

    private static void say(String what, List<Job> jobs) {
        StringBuilder lines = new StringBuilder();
        for (Job job : jobs) {
            lines.append(what).append(' ').append(job.id()).append('\n');
        }
        System.out.print(lines);
        System.out.flush();
    }
}
