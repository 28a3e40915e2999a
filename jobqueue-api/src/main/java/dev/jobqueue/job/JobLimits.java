package dev.jobqueue.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How large and how long the parts of a job may be, and the checks that say so.
 *
 * <p>Each check returns the value it was given, or throws {@link IllegalArgumentException} with a message that names
 * the value and the limit. Lengths are in {@code char}s.
 */
public final class JobLimits {
    /** The longest name of a type, a queue or a node; the shortest is 1. */
    public static final int NAME_LENGTH = 200;
    /** The most attributes a host may put on a job. */
    public static final int ATTRIBUTES = 64;
    /** The most attributes on a stored job: a host's, and up to 16 of the queue's own. */
    public static final int STORED_ATTRIBUTES = ATTRIBUTES + 16;
    /** The longest key of an attribute; the shortest is 1. */
    public static final int ATTRIBUTE_KEY_LENGTH = 200;
    /** The longest value of an attribute. */
    public static final int ATTRIBUTE_VALUE_LENGTH = 4_000;
    /** The longest error text; what is longer is cut. */
    public static final int ERROR_LENGTH = 4_000;
    /** The largest memo, in bytes. */
    public static final int MEMO_BYTES = 64 * 1024;
    /** The priority that runs first. */
    public static final int FIRST_PRIORITY = 0;
    /** The priority that runs last. */
    public static final int LAST_PRIORITY = 9;
    /** The earliest run-at: 1970-01-01T00:00:00Z. */
    public static final Instant EARLIEST = Instant.EPOCH;
    /** The latest run-at, which means never: 9999-12-31T23:59:59.999Z. */
    public static final Instant NEVER = Instant.ofEpochMilli(253_402_300_799_999L);

    /** How much of a refused text a message shows. */
    private static final int SHOWN = 40;

    private JobLimits() {}

    /** A name of a type, a queue or a node: 1 to 200 characters, no control characters. */
    public static String checkName(String what, String name) {
        checkLength(what, name, 1, NAME_LENGTH);
        int point;
        for (int at = 0; at < name.length(); at += Character.charCount(point)) {
            point = name.codePointAt(at);
            if (Character.isISOControl(point)) {
                throw new IllegalArgumentException(what + " must have no control characters, but was " + shown(name));
            }
            checkStorable(what, name, point);
        }
        return name;
    }

    /** An attribute's key: 1 to 200 characters that every store can hold. */
    public static String checkAttributeKey(String key) {
        checkLength("attribute key", key, 1, ATTRIBUTE_KEY_LENGTH);
        return checkText("attribute key", key);
    }

    /** An attribute's value: up to 4,000 characters that every store can hold. */
    public static String checkAttributeValue(String key, String value) {
        String what = "attribute " + shown(key);
        checkLength(what, value, 0, ATTRIBUTE_VALUE_LENGTH);
        return checkText(what, value);
    }

    /** A priority, 0 (first) to 9 (last). */
    public static int checkPriority(int priority) {
        if (priority < FIRST_PRIORITY || priority > LAST_PRIORITY) {
            throw new IllegalArgumentException("priority must be " + FIRST_PRIORITY + " (first) to " + LAST_PRIORITY
                    + " (last), but was " + priority);
        }
        return priority;
    }

    /** A run-at in the years 1970 to 9999, cut to whole milliseconds. */
    public static Instant checkRunAt(Instant runAt) {
        return checkTime("run-at", runAt);
    }

    /** Any time of a job: in the years 1970 to 9999, cut to whole milliseconds. */
    public static Instant checkTime(String what, Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(NEVER)) {
            throw new IllegalArgumentException(what + " must be " + EARLIEST + " to " + NEVER + ", but was " + time);
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A memo of up to 64 KiB. */
    public static byte[] checkMemo(byte[] memo) {
        if (memo.length > MEMO_BYTES) {
            throw new IllegalArgumentException("memo must be at most " + MEMO_BYTES + " bytes, but was " + memo.length);
        }
        return memo;
    }

    /** An error text that every store can hold: cut to 4,000 characters, NUL and unpaired surrogates replaced. */
    public static String storableError(String error) {
        StringBuilder text = new StringBuilder(Math.min(error.length(), ERROR_LENGTH));
        for (int at = 0; at < error.length(); ) {
            int point = error.codePointAt(at);
            at += Character.charCount(point);
            int kept = isStorable(point) ? point : '\uFFFD';
            if (text.length() + Character.charCount(kept) > ERROR_LENGTH) {
                break;
            }
            text.appendCodePoint(kept);
        }
        return text.toString();
    }

    private static void checkLength(String what, String text, int shortest, int longest) {
        if (text.length() < shortest || text.length() > longest) {
            throw new IllegalArgumentException("%s must be %d to %d characters, but was %d: %s"
                    .formatted(what, shortest, longest, text.length(), shown(text)));
        }
    }

    static String checkText(String what, String text) {
        int point;
        for (int at = 0; at < text.length(); at += Character.charCount(point)) {
            point = text.codePointAt(at);
            checkStorable(what, text, point);
        }
        return text;
    }

    private static void checkStorable(String what, String text, int point) {
        if (!isStorable(point)) {
            throw new IllegalArgumentException(
                    what + " must have no NUL and no unpaired surrogate, but was " + shown(text));
        }
    }

    private static boolean isStorable(int point) {
        return point != 0 && !isSurrogate(point);
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    static String shown(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(SHOWN)
                .map(point -> Character.isISOControl(point) || isSurrogate(point) ? '?' : point)
                .forEach(shown::appendCodePoint);
        return shown.append(text.length() > SHOWN ? "...\"" : "\"").toString();
    }
}
