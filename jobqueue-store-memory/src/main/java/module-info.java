/** A job store in memory: for tests, and for work that may die with its process. */
module dev.jobqueue.store.memory {
    requires transitive dev.jobqueue.api;

    exports dev.jobqueue.store.memory;
}
