package dev.jobqueue.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A program that entrants run in turns, each in a JVM of its own and at a place of its own. */
final class Course {
    private final String line;
    private final Class<?> program;
    private final List<Case> cases = new ArrayList<>();

    Course(String line, Class<?> program) {
        this.line = line;
        this.program = program;
    }

    /** One that takes part, with the program's further arguments. */
    Case enter(Entrant entrant, int... sizes) {
        Case entered = new Case(entrant, sizes);
        cases.add(entered);
        return entered;
    }

    void run(Lab lab, int rounds) throws IOException, InterruptedException {
        for (int round = 1; round <= rounds; round++) {
            for (Case each : cases) {
                each.measure(lab);
            }
        }
    }

    /** An entrant at a size, and what its rounds gave. */
    final class Case {
        private final Entrant entrant;
        private final int[] sizes;
        private final Map<String, Samples> samples = new TreeMap<>();

        private Case(Entrant entrant, int... sizes) {
            this.entrant = entrant;
            this.sizes = sizes;
        }

        private void measure(Lab lab) throws IOException, InterruptedException {
            Place place = lab.newPlace(entrant.home());
            List<String> arguments = new ArrayList<>(List.of(entrant.name(), place.url(), place.name()));
            for (int size : sizes) {
                arguments.add(Integer.toString(size));
            }
            ChildJvm.Ended ended =
                    ChildJvm.run(program, lab.jvm(), lab.file("round.log"), arguments.toArray(String[]::new));
            lab.leave(place, entrant.home());
            lab.say(entrant.title() + ": " + ended.facts());
            ended.facts().forEach((fact, value) -> samples(fact).add(value));
        }

        Samples samples(String fact) {
            return samples.computeIfAbsent(fact, name -> new Samples());
        }

        /** A row of one of the program's facts. */
        Row row(String fact, String what, String unit) {
            return Row.of(line, entrant.title() + what, unit, samples(fact));
        }

        Row row(String fact, String unit) {
            return row(fact, "", unit);
        }

        /** A row that shows what it does beside another than the limit. */
        Row besides(Case other, String fact, String what, String unit) {
            return row(fact, what + " beside " + other.entrant.title(), unit);
        }
    }
}
