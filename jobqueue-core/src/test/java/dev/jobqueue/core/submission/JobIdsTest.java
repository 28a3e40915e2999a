package dev.jobqueue.core.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.core.runtime.FakePlatform;
import dev.jobqueue.core.runtime.RealPlatform;
import dev.jobqueue.job.JobId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobIdsTest {
    private final FakePlatform platform = new FakePlatform();
    private final JobIds ids = new JobIds(platform);

    @Test
    void areUuidsOfVersion7WithTheTimeInFront() {
        // when
        JobId id = ids.next();
        // then
        assertEquals(7, id.value().version());
        assertEquals(2, id.value().variant());
        assertEquals(platform.now().toEpochMilli(), id.value().getMostSignificantBits() >>> 16);
    }

    @Test
    void sortAsTheyWereMadeEvenWithinAMillisecond() {
        // given
        JobId before = ids.next();
        // then: more than one millisecond's counter holds
        for (int i = 0; i < 20_000; i++) {
            JobId next = ids.next();
            assertTrue(before.compareTo(next) < 0, before + " before " + next);
            before = next;
        }
    }

    @Test
    void sortAsTheyWereMadeWhenTheClockIsSetBack() {
        // given
        JobId before = ids.next();
        // when
        platform.advance(Duration.ofHours(-1));
        // then
        assertTrue(before.compareTo(ids.next()) < 0);
    }

    @Test
    void neverMakeAnIdTwiceFromManyThreads() throws Exception {
        // given
        JobIds shared = new JobIds(new RealPlatform(InstantSource.system(), false));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<List<JobId>>> made = new ArrayList<>();
        // when
        for (int thread = 0; thread < 8; thread++) {
            made.add(threads.submit(() -> {
                List<JobId> own = new ArrayList<>();
                for (int i = 0; i < 20_000; i++) {
                    own.add(shared.next());
                }
                return own;
            }));
        }
        // then
        Set<JobId> all = new HashSet<>();
        for (Future<List<JobId>> each : made) {
            List<JobId> own = each.get(30, TimeUnit.SECONDS);
            assertEquals(own.stream().sorted().toList(), own);
            all.addAll(own);
        }
        assertEquals(160_000, all.size());
        threads.shutdown();
    }
}
