package dev.jobqueue.store.testkit;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobId;
import dev.jobqueue.store.JobStore;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract, run on the broken store that the configuration parameter {@value #STORE} names. No test of its own. */
@ExtendWith(ContractOfABrokenStore.Named.class)
class ContractOfABrokenStore extends JobStoreContract {
    static final String STORE = "broken.store";

    private final BrokenStore broken;
    private final Map<JobId, Job> disk = new TreeMap<>();

    ContractOfABrokenStore(BrokenStore broken) {
        this.broken = broken;
    }

    @Override
    protected JobStore open(MovableClock clock) {
        return broken.opener().open(clock, disk);
    }

    @Override
    protected Level level() {
        return Level.CORRECT;
    }

    /** Short, for what a broken store never does is waited for in vain. */
    @Override
    protected Duration patience() {
        return Duration.ofMillis(500);
    }

    static final class Named implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == BrokenStore.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return BrokenStore.named(context.getConfigurationParameter(STORE).orElseThrow());
        }
    }
}
