package dev.jobqueue.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node's log says of its store: that it fails, and that it answers, one after the other for each duty. */
final class Conditions {
    private static final Pattern LINE = Pattern.compile("event=store_(unavailable|available) duty=(\\w+)");

    private Conditions() {}

    /** How many lines say what had been said. */
    static int repeated(List<String> log) {
        Set<String> failing = new HashSet<>();
        int repeated = 0;
        for (String line : log) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.find()) {
                String duty = matcher.group(2);
                boolean news = matcher.group(1).equals("unavailable") ? failing.add(duty) : failing.remove(duty);
                repeated += news ? 0 : 1;
            }
        }
        return repeated;
    }
}
