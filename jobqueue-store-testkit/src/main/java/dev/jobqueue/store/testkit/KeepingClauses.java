package dev.jobqueue.store.testkit;

import static dev.jobqueue.store.testkit.JobFacts.assertSameJob;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.JobLimits;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobOrder;
import dev.jobqueue.store.JobQuery;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was put into a store comes out of it to the last bit. */
abstract class KeepingClauses extends Clauses {
    /** A payload of more than this is not tried: the test would need too much memory. */
    private static final int LARGEST_TRIED = 32 * 1024 * 1024;

    KeepingClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void findsNothingUnderAnUnknownId() {
        insert(aJob());
        assertEquals(Optional.empty(), store.find(JobId.of("nobody")));
    }

    @Test
    void keepsAllThatAJobCanCarry() {
        assertKept(job -> job.queue("letters")
                .priority(3)
                .runAt(now().plusSeconds(90))
                .changedAt(now().plusMillis(1))
                .attributes(Map.of("traceparent", "00-4bf92f", "jobqueue.origin", "kit"))
                .memo(new byte[] {0, -1, 127, -128}));
    }

    @Test
    void keepsWhatAJobDoesNotCarry() {
        assertKept(job -> job);
    }

    @Test
    void tellsAnEmptyMemoFromNone() {
        assertKept(job -> job.memo(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-10-25T01:30:00.001Z", "9999-12-31T23:59:59.999Z"})
    void keepsTimesToTheMillisecond(Instant time) {
        Job job = Job.of(JobInfo.builder(JobId.of("at " + time), TYPE, time).build(), new byte[1]);
        insert(job);
        assertSameJob(job.info(), info(job.id()));
    }

    @Test
    void keepsAJobThatWaitsForOthers() {
        assertKept(job -> job.runAt(JobInfo.NEVER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " leading and trailing ",
                "line\nbreak\r\ttab",
                "'; DROP TABLE job; --",
                "\"quoted\" {json: [1]} \\u0000 \\ % _ $1 ?",
                "na\u00EFve nai\u0308ve \u212B \u1E9E",
                "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u202Eback\u202C",
                "\uD83D\uDC69\u200D\uD83D\uDE80 \uD840\uDC00 \uDBFF\uDFFD",
                "\uFEFF\u200B\uFFFD\uFFFF"
            })
    void keepsTextOfAnyKind(String text) {
        assertKept(job -> job.attributes(Map.of("text", text, "x" + text, "key")));
        Change fail = Change.fail(claimedJob(), now(), text);
        assertEquals(fail.error(), changed(fail).error());
    }

    @Test
    void keepsNamesOfFullLength() {
        String name = "\uD83D\uDE80".repeat(JobLimits.NAME_LENGTH / 2);
        Job job = insert(aJob(name, with -> with.queue(name)));
        assertSameJob(job.info(), info(job.id()));
    }

    @Test
    void keepsAsManyAndAsLongAttributesAsAllowed() {
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < JobLimits.STORED_ATTRIBUTES; i++) {
            String key = i
                    + "\u20AC"
                            .repeat(JobLimits.ATTRIBUTE_KEY_LENGTH
                                    - Integer.toString(i).length());
            attributes.put(key, "\u20AC".repeat(JobLimits.ATTRIBUTE_VALUE_LENGTH));
        }
        assertKept(job -> job.attributes(attributes));
    }

    @Test
    void tellsAttributesApartThatDifferInCaseOrSpacesOnly() {
        assertKept(
                job -> job.attributes(Map.of("key", "1", "Key", "2", "key ", "3", "k\u00E9y", "4", "ke\u0301y", "5")));
    }

    @Test
    void keepsALargestMemo() {
        byte[] memo = new byte[JobLimits.MEMO_BYTES];
        Arrays.fill(memo, (byte) 0xA5);
        assertKept(job -> job.memo(memo));
    }

    @Test
    void keepsEveryByteOfAPayload() {
        byte[] payload = new byte[256];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        assertPayloadKept(payload);
    }

    @Test
    void keepsAnEmptyPayload() {
        assertPayloadKept(new byte[0]);
    }

    @Test
    void keepsALargestPayload() {
        int largest = store.traits().maxPayload();
        assumeTrue(largest <= LARGEST_TRIED, "the largest payload is too large for this test");
        byte[] payload = new byte[largest];
        Arrays.fill(payload, (byte) 'x');
        payload[largest - 1] = 1;
        assertPayloadKept(payload);
    }

    @ParameterizedTest
    @EnumSource
    void showsTheSameInAListAsOneByOne(JobOrder order) {
        // given
        JobInfo worn =
                wornJob(with -> with.priority(2).attributes(Map.of("a", "1")).memo(new byte[] {1}));
        JobInfo job = changed(Change.release(worn, now()));
        // when
        List<JobInfo> listed =
                listed(JobQuery.of(JobFilter.any().withIds(Set.of(job.id())).withStatuses(Set.of(job.status())))
                        .in(order));

        // then
        assertEquals(1, listed.size());
        assertSameJob(job, listed.get(0));
    }

    private void assertKept(UnaryOperator<JobInfo.Builder> with) {
        Job job = insert(aJob(with));
        assertSameJob(job.info(), info(job.id()));
    }

    private void assertPayloadKept(byte[] payload) {
        Job job = insert(Job.of(aJob().info(), payload));
        assertArrayEquals(payload, found(job.id()).payload());
        assertArrayEquals(payload, claim(1).get(0).payload());
    }
}
