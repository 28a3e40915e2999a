package dev.jobqueue.store;

import org.jspecify.annotations.Nullable;

/** The store's answer was lost: perhaps it did what was asked, perhaps not. To be tried again with the same data. */
public final class OutcomeUnknownException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** With a message that says what was asked, and what lost the answer. */
    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
