package dev.jobqueue.core.submission;

import dev.jobqueue.core.runtime.Platform;
import dev.jobqueue.job.JobId;
import java.util.UUID;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562, section 5.7), 48 bits of milliseconds and 74 that start at random and, within a
 * millisecond, count up (method 1 of section 6.2, 12 bits). So ids of one process sort as they were made.
 */
final class JobIds {
    private static final int COUNTER_BITS = 12;

    private final Platform platform;
    private long lastMillis = Long.MIN_VALUE;
    private int counter;

    JobIds(Platform platform) {
        this.platform = platform;
    }

    synchronized JobId next() {
        long millis = Math.max(platform.now().toEpochMilli(), lastMillis);
        if (millis > lastMillis) {
            // the upper half of the counter is left free to count
            counter = (int) (platform.randomLong() >>> (Long.SIZE - COUNTER_BITS + 1));
        } else if (++counter == 1 << COUNTER_BITS) {
            millis++;
            counter = 0;
        }
        lastMillis = millis;
        long high = (millis << 16) | 0x7000L | counter;
        long low = (platform.randomLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return JobId.of(new UUID(high, low));
    }
}
