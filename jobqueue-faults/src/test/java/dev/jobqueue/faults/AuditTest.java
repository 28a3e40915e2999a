package dev.jobqueue.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobClient;
import dev.jobqueue.JobRequest;
import dev.jobqueue.job.JobId;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.job.Node;
import dev.jobqueue.store.Change;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.JoinRequest;
import dev.jobqueue.store.StoreSession;
import dev.jobqueue.store.memory.MemoryJobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge must be able to say no: each fault that it looks for, done by hand. */
class AuditTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    @TempDir
    Path folder;

    private final MemoryJobStore store = MemoryJobStore.create();
    private final JobClient client = JobClient.over(store);
    private final JobId id = JobId.of(new UUID(1, 2));
    private Ledger ledger;
    private History history;
    private StoreSession session;

    @BeforeEach
    void open() throws IOException {
        ledger = Ledger.appendTo(folder.resolve("ledger"), "a.1");
        history = new History(folder.resolve("ledger"));
        session = store.join(JoinRequest.of(Node.of("a", new UUID(3, 4)), Duration.ofSeconds(6), () -> {}));
    }

    @AfterEach
    void close() throws IOException {
        ledger.close();
        history.close();
    }

    private void accept() throws IOException {
        client.submit(JobRequest.of(NodeProcess.HOLD, "").withId(id).withRunAt(NOW));
        ledger.write(Entry.Kind.ACCEPTED, id.toString(), 0);
    }

    private JobInfo claim() {
        ClaimSlot slot = ClaimSlot.of(JobInfo.DEFAULT_QUEUE, Set.of(NodeProcess.HOLD), 1);
        return session.claim(ClaimRequest.of(NOW, 1, List.of(slot)))
                .jobs()
                .get(0)
                .info();
    }

    private void write(Entry.Kind kind, int attempt) throws IOException {
        ledger.write(kind, id.toString(), attempt);
    }

    private Audit audit() throws IOException {
        history.update();
        return Audit.of(history, client);
    }

    private boolean allOk(Audit audit) {
        return audit.rows("test").stream().allMatch(Row::ok);
    }

    @Test
    void findsNothingWrongWithAJobThatRanOnce() throws Exception {
        // given
        accept();
        JobInfo claimed = claim();
        write(Entry.Kind.BEGAN, 1);
        write(Entry.Kind.RETURNED, 1);
        store.apply(List.of(Change.complete(claimed, NOW)));
        // when
        Audit audit = audit();
        // then
        assertEquals(new Audit(1, 0, 0, 0, 0, 0, 0), audit);
        assertTrue(allOk(audit));
    }

    @Test
    void missesAJobThatWasAcceptedAndIsNotThere() throws Exception {
        // given
        ledger.write(Entry.Kind.ACCEPTED, id.toString(), 0);
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.lost());
        assertFalse(allOk(audit));
    }

    @Test
    void waitsForEachJobsEnd() throws Exception {
        // given
        accept();
        claim();
        write(Entry.Kind.BEGAN, 1);
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.unfinished());
        assertFalse(allOk(audit));
    }

    @Test
    void doesNotTakeAFailureForAnEnd() throws Exception {
        // given
        accept();
        store.apply(List.of(Change.fail(claim(), NOW, "broken")));
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.failed());
        assertFalse(allOk(audit));
    }

    @Test
    void seesAResultOfWhichNoHandlerKnows() throws Exception {
        // given
        accept();
        store.apply(List.of(Change.release(claim(), NOW)));
        JobInfo second = claim();
        write(Entry.Kind.BEGAN, 1);
        write(Entry.Kind.BEGAN, 2);
        write(Entry.Kind.RETURNED, 1); // and the store takes that for the end of the second
        store.apply(List.of(Change.complete(second, NOW)));
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.stale());
        assertEquals(1, audit.twice());
        assertFalse(allOk(audit));
    }

    @Test
    void seesAResultOfAnAttemptThatWasOvertaken() throws Exception {
        // given
        accept();
        JobInfo first = claim();
        write(Entry.Kind.BEGAN, 1);
        write(Entry.Kind.BEGAN, 2);
        write(Entry.Kind.RETURNED, 1);
        store.apply(List.of(Change.complete(first, NOW)));
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.stale());
    }

    @Test
    void seesTwoHandlersAtOneAttempt() throws Exception {
        // given
        accept();
        claim();
        write(Entry.Kind.BEGAN, 1);
        write(Entry.Kind.BEGAN, 1);
        // when
        Audit audit = audit();
        // then
        assertEquals(1, audit.shared());
        assertFalse(allOk(audit));
    }
}
