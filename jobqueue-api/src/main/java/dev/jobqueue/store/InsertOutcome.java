package dev.jobqueue.store;

import org.jspecify.annotations.Nullable;

/** What became of a job that was to be inserted. Kinds may be added; only a store that declares their feature uses them. */
public final class InsertOutcome {
    private static final InsertOutcome STORED = new InsertOutcome(Kind.STORED);
    private static final InsertOutcome SAME_ID = new InsertOutcome(Kind.SAME_ID);

    private enum Kind {
        STORED,
        SAME_ID
    }

    private final Kind kind;

    private InsertOutcome(Kind kind) {
        this.kind = kind;
    }

    /** The job is in the store now. */
    public static InsertOutcome stored() {
        return STORED;
    }

    /** There is a job of this id already; it was left as it is. */
    public static InsertOutcome sameId() {
        return SAME_ID;
    }

    /** Whether this call stored the job. */
    public boolean isStored() {
        return kind == Kind.STORED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InsertOutcome that && kind == that.kind;
    }

    @Override
    public int hashCode() {
        return kind.hashCode();
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}
