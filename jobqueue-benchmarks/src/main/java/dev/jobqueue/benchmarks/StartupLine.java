package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * What a host waits for: from the start of its JVM to its first job, and from close() to its end; beside the same job in
 * plain JDBC, which is as soon as the driver can. Both programs stamp the time of day themselves.
 */
final class StartupLine implements Line {
    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String about() {
        return "from the start of the JVM to the first job run, beside plain JDBC; and from close() to the JVM's end";
    }

    @Override
    public List<Row> run(Lab lab) throws IOException, InterruptedException {
        Case jdbc = new Case("plain JDBC on sqlite", StartupByJdbc.class);
        Case queue = new Case("jobqueue on sqlite", StartupByQueue.class);
        jdbc.measure(lab, 0);
        queue.measure(lab, 0);
        jdbc.forget();
        queue.forget(); // the first of each read the jars from disk
        for (int round = 1; round <= lab.size(25, 2); round++) {
            jdbc.measure(lab, round);
            queue.measure(lab, round);
        }
        return List.of(
                jdbc.row("JVM start to job run", jdbc.start),
                queue.row("JVM start to job run", queue.start).withRatioAtMost(1.3, jdbc.start),
                jdbc.row("close to exit", jdbc.exit),
                queue.row("close to exit", queue.exit).withMedianAtMost(100));
    }

    /** One program, and what its rounds gave. */
    private final class Case {
        private final String system;
        private final Class<?> program;
        Samples start = new Samples();
        Samples exit = new Samples();

        Case(String system, Class<?> program) {
            this.system = system;
            this.program = program;
        }

        void forget() {
            start = new Samples();
            exit = new Samples();
        }

        void measure(Lab lab, int round) throws IOException, InterruptedException {
            String file = lab.file(program.getSimpleName() + round + ".db").toString();
            ChildJvm.Ended ended = ChildJvm.run(program, List.of(), lab.file("round.log"), file);
            start.add((double) (ended.fact("ran") - ended.fact("jvm_started")));
            exit.add((double) (ended.exited() - ended.fact("closed")));
        }

        Row row(String what, Samples samples) {
            return Row.of(name(), system + ": " + what, "ms", samples);
        }
    }
}
