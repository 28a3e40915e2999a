/** The engine behind {@link dev.jobqueue.JobQueue}; exports nothing. */
module dev.jobqueue.core {
    requires static org.jspecify;
    requires transitive dev.jobqueue.api;
    requires org.slf4j;

    provides dev.jobqueue.engine.EngineProvider with
            dev.jobqueue.core.CoreEngineProvider;
}
