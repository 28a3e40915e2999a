package dev.jobqueue.job;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One life of a live queue: a name, which a restart may keep, and an incarnation, which is new each time it joins. */
public final class Node {
    private final String name;
    private final UUID incarnation;
    private final String text;

    private Node(String name, UUID incarnation) {
        this.name = JobLimits.checkName("node name", name);
        this.incarnation = Objects.requireNonNull(incarnation, "incarnation");
        this.text = name + "@" + incarnation;
    }

    /**
     * The node with this name and incarnation.
     *
     * @throws IllegalArgumentException if the name is not 1 to 200 characters, or has control characters
     */
    public static Node of(String name, UUID incarnation) {
        return new Node(name, incarnation);
    }

    /** The name that the host chose, or a made-up one. */
    public String name() {
        return name;
    }

    /** Which life of that name this is. */
    public UUID incarnation() {
        return incarnation;
    }

    /** {@code name@incarnation}: what {@link JobInfo#owner()} holds. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Node that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
