package dev.jobqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.engine.EngineProvider;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.JobStore;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class EnginesTest {
    private static final String NONE = "no engine was found: add the artifact dev.jobqueue:jobqueue-core to the path;"
            + " in one jar of everything, keep its META-INF/services";

    @SuppressWarnings("rawtypes")
    private record Found(Class<? extends EngineProvider> type, EngineProvider get)
            implements ServiceLoader.Provider<EngineProvider> {
        static Found of(EngineProvider engine) {
            return new Found(engine.getClass(), engine);
        }
    }

    private static class OneEngine implements EngineProvider<JobQueue.Builder, JobClient, JobStore> {
        @Override
        public JobQueue.Builder newBuilder() {
            return Mockito.mock(JobQueue.Builder.class);
        }

        @Override
        public JobClient clientOver(JobStore store) {
            return Mockito.mock(JobClient.class);
        }
    }

    private static final class OtherEngine extends OneEngine {}

    @Test
    void sayWhatToAddWhenThereIsNone() {
        var refused = assertThrows(JobQueueException.class, () -> Engines.one(List.of()));

        assertEquals(NONE, refused.getMessage());
    }

    /** Nothing but the API is on the path of this module's tests. */
    @Test
    void areAskedForByTheFrontDoor() {
        assertEquals(
                NONE, assertThrows(JobQueueException.class, JobQueue::builder).getMessage());
        JobStore store = Mockito.mock(JobStore.class);
        assertEquals(
                NONE,
                assertThrows(JobQueueException.class, () -> JobClient.over(store))
                        .getMessage());
    }

    @Test
    void nameEachOtherWhenThereAreTwo() {
        var refused = assertThrows(
                JobQueueException.class,
                () -> Engines.one(List.of(Found.of(new OneEngine()), Found.of(new OtherEngine()))));

        assertEquals(
                "more than one engine was found: leave one of them on the path: [" + OneEngine.class.getName() + ", "
                        + OtherEngine.class.getName() + "]",
                refused.getMessage());
    }

    @Test
    void giveTheOneThereIs() {
        OneEngine engine = new OneEngine();

        assertSame(engine, Engines.one(List.of(Found.of(engine))));
    }
}
