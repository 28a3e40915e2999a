package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.JobId;
import dev.jobqueue.store.Change;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The leases that this process saw last, so that it need not read them before it changes them. What it remembers may be
 * old: the version, which each change of a lease counts on, tells. Thread-safe.
 */
final class MariaDbLeases {
    /** How many are remembered. One that is forgotten costs a round trip. */
    private static final int REMEMBERED = 1_000;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Function<Long, Optional<Lease>> elsewhere;

    private final Map<Long, Lease> leases = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Lease> eldest) {
            return size() > REMEMBERED;
        }
    };

    private MariaDbLeases(Function<Long, Optional<Lease>> elsewhere) {
        this.elsewhere = elsewhere;
    }

    static MariaDbLeases none() {
        return new MariaDbLeases(no -> Optional.empty());
    }

    /** These, and what is remembered only in the one made here: what a caller's transaction does may be undone. */
    MariaDbLeases forCaller() {
        return new MariaDbLeases(this::get);
    }

    /**
     * A lease and the jobs that it lists, each with its attempt.
     *
     * @param version which each change of the list makes one more
     */
    record Lease(long no, int version, Map<JobId, Integer> jobs) {
        private static final Pattern ENTRY = Pattern.compile("\\[\"([0-9A-F]{32})\", ?(\\d+)\\]");

        static Lease parse(long no, int version, String text) {
            Map<JobId, Integer> jobs = new LinkedHashMap<>();
            Matcher entry = ENTRY.matcher(text);
            while (entry.find()) {
                jobs.put(JobRows.id(HEX.parseHex(entry.group(1))), Integer.valueOf(entry.group(2)));
            }
            return new Lease(no, version, jobs);
        }

        /** As the column {@code jobs} has it. */
        String text() {
            return jobs.entrySet().stream()
                    .map(job -> "[\"" + hex(job.getKey()) + "\"," + job.getValue() + "]")
                    .collect(Collectors.joining(",", "[", "]"));
        }

        /** Whether the change holds for one of its jobs. */
        boolean lists(Change change) {
            Integer attempt = jobs.get(change.id());
            return attempt != null && attempt == change.attempt();
        }

        /** When these are gone. */
        Lease without(Collection<JobId> some) {
            Map<JobId, Integer> left = new LinkedHashMap<>(jobs);
            left.keySet().removeAll(some);
            return new Lease(no, version + 1, left);
        }
    }

    /** An id as it stands in a lease. */
    static String hex(JobId id) {
        return HEX.formatHex(JobRows.bytes(id));
    }

    Optional<Lease> get(long no) {
        @Nullable Lease known;
        synchronized (leases) {
            known = leases.get(no);
        }
        return known == null ? elsewhere.apply(no) : Optional.of(known);
    }

    /** Remembers it, unless it is over or a later version is known already. */
    void put(Lease lease) {
        synchronized (leases) {
            if (lease.jobs().isEmpty()) {
                leases.remove(lease.no());
            } else {
                leases.merge(lease.no(), lease, (known, seen) -> known.version() > seen.version() ? known : seen);
            }
        }
    }
}
