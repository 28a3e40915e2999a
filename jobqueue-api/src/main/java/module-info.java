/** All that a host or a store author compiles against. */
@SuppressWarnings("module") // dev.jobqueue.core is not there yet when this is compiled
module dev.jobqueue.api {
    requires static transitive org.jspecify;

    exports dev.jobqueue;
    exports dev.jobqueue.event;
    exports dev.jobqueue.job;
    exports dev.jobqueue.option;
    exports dev.jobqueue.store;
    exports dev.jobqueue.engine to
            dev.jobqueue.core;

    uses dev.jobqueue.engine.EngineProvider;
}
