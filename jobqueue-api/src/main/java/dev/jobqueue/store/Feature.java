package dev.jobqueue.store;

/** What a store may offer beyond the contract. What it does not declare is never asked of it. */
public enum Feature {
    /** Runs {@link JoinRequest#wakeUp()} soon after jobs became claimable, whoever wrote them, so polling can be rare. */
    WAKE_UP
}
