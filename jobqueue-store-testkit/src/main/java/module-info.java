/** The contract of a store, as tests that every store runs. */
module dev.jobqueue.store.testkit {
    requires transitive dev.jobqueue.api;
    requires transitive net.jqwik.api;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports dev.jobqueue.store.testkit;

    // JUnit and jqwik call the clauses by reflection, wherever they are on the path
    opens dev.jobqueue.store.testkit;
}
