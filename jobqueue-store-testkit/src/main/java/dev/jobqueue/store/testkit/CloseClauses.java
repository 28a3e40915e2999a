package dev.jobqueue.store.testkit;

import static dev.jobqueue.job.JobStatus.PENDING;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jobqueue.job.Job;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.JobFilter;
import dev.jobqueue.store.JobQuery;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.StoreTraits;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A closed store says so, whatever it is asked. */
abstract class CloseClauses extends Clauses {
    CloseClauses(JobStoreContract contract) {
        super(contract);
    }

    @Test
    void mayBeCalledTwice() {
        store.close();
        assertDoesNotThrow(store::close);
    }

    @Test
    void refusesAnInsert() {
        assertRefusedOnceClosed(() -> store.insert(jobs(1)));
    }

    @Test
    void refusesAChange() {
        Job job = insert(aJob());
        assertRefusedOnceClosed(() -> store.apply(List.of(Change.cancel(job.info(), now()))));
    }

    @Test
    void refusesToFind() {
        Job job = insert(aJob());
        assertRefusedOnceClosed(() -> store.find(job.id()));
    }

    @Test
    void refusesToList() {
        assertRefusedOnceClosed(() -> store.list(JobQuery.of(JobFilter.any())));
    }

    @Test
    void refusesToCount() {
        assertRefusedOnceClosed(() -> store.counts(Set.of(PENDING)));
    }

    @Test
    void refusesToBeJoined() {
        assertRefusedOnceClosed(() -> join(aNode("late")));
    }

    @Test
    void refusesAClaimOfANodeThatIsIn() {
        StoreSession session = member();
        insert(aJob());
        assertRefusedOnceClosed(() -> session.claim(claiming(1)));
    }

    @Test
    void leavesTheTraitsKnown() {
        StoreTraits traits = store.traits();
        store.close();
        assertEquals(traits.name(), store.traits().name());
        assertEquals(traits.maxBatch(), store.traits().maxBatch());
    }

    private void assertRefusedOnceClosed(Executable call) {
        store.close();
        assertThrows(StoreException.class, call);
    }
}
