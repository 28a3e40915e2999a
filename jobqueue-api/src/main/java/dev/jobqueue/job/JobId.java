package dev.jobqueue.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job's identity. The queue makes UUIDv7 ids, which sort by time; a host may bring its own.
 *
 * <p>Ordered as its text is, which is unsigned and not what {@link UUID#compareTo} does.
 */
public final class JobId implements Comparable<JobId> {
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final UUID value;

    private JobId(UUID value) {
        this.value = value;
    }

    /** The id with this value. */
    public static JobId of(UUID value) {
        return new JobId(Objects.requireNonNull(value, "value"));
    }

    /**
     * The id that a name always gives, so that a job can be submitted again under the same id:
     * {@code JobId.of("order-4711")}. The first 128 bits of the name's SHA-256, marked as a UUID of version 8 (RFC 9562,
     * section 5.8).
     *
     * @param name not empty, and no UUID's text, which {@link #parse} reads
     * @throws IllegalArgumentException if it is, or if it has an unpaired surrogate
     */
    public static JobId of(String name) {
        JobLimits.checkText("the name of a job id", name);
        if (name.isEmpty() || UUID_TEXT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a job id is made from a name that is neither empty nor itself a UUID, but was \"" + name
                            + "\"; JobId.parse reads an id's text");
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256(name.getBytes(UTF_8)));
        long high = (hash.getLong() & ~0xF000L) | 0x8000L;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new JobId(new UUID(high, low));
    }

    /**
     * The id whose {@link #toString()} this is.
     *
     * @throws IllegalArgumentException if it is not a UUID's text of 36 characters
     */
    public static JobId parse(String text) {
        if (UUID_TEXT.matcher(text).matches()) {
            return new JobId(UUID.fromString(text));
        }
        throw new IllegalArgumentException("a job id is a UUID of 36 characters, but was " + JobLimits.shown(text));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The id as a UUID. */
    public UUID value() {
        return value;
    }

    @Override
    public int compareTo(JobId other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobId that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The UUID's usual text, 36 characters. */
    @Override
    public String toString() {
        return value.toString();
    }
}
