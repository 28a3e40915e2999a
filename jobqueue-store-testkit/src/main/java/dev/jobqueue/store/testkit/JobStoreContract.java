package dev.jobqueue.store.testkit;

import dev.jobqueue.store.JobStore;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * The contract of a store, as tests: extend it, say how the store is opened, and run it.
 *
 * <pre>{@code
 * class MyStoreContractTest extends JobStoreContract {
 *     @TempDir Path dir;
 *
 *     @Override protected JobStore open(MovableClock clock) {
 *         return MyStore.open(dir.resolve("jobs"), clock);
 *     }
 * }
 * }</pre>
 *
 * <p>Each nested class is one subject, and each of its tests one clause. What the store does not offer, by its
 * {@linkplain dev.jobqueue.store.JobStore#traits() traits} or its {@linkplain #level() level}, shows as skipped. The
 * clauses of the level {@link Level#SCALES} carry the tag {@code scales}, for they measure times; the clauses that run a
 * whole queue over the store need jobqueue-core on the path, and are skipped without it. A batch of the store must be
 * able to hold 100 jobs. Of a store that admits many nodes all nodes of a test join over the one open store.
 */
public abstract class JobStoreContract {
    /** For the author's subclass. */
    protected JobStoreContract() {}

    /**
     * Opens the store under test. Each test calls this first, on an instance of the subclass of its own, and then expects
     * a store without any job: so keep what the store writes to in a field of the instance, such as a {@code @TempDir}.
     *
     * <p>A test of a durable store closes the store and calls this again, on the same instance and with the same clock,
     * and then expects to find what it had left there. Of a store that is not durable this is not asked: it may return
     * a new, empty one each time. The kit closes what it opened.
     *
     * @param clock the store's time: by it leases run out, and heartbeats tell it. A store whose time is its server's
     *     takes this clock in place of that, by an option for tests, and sends its time with every statement that would
     *     read the server's clock
     */
    protected abstract JobStore open(MovableClock clock);

    /** How far the store claims to keep the contract. Default: {@link Level#SCALES}, the whole of it. */
    protected Level level() {
        return Level.SCALES;
    }

    /** How long the kit waits for what the store must do soon, before it says that it was not done. Default: 30 s. */
    protected Duration patience() {
        return Duration.ofSeconds(30);
    }

    /** How many due jobs there are where the cost of a claim is measured first. Default: 1,000. */
    protected int fewJobs() {
        return 1_000;
    }

    /** How many there are where it is measured again; at least ten times as many. Default: 20,000. */
    protected int manyJobs() {
        return 20_000;
    }

    /** How many times as long a claim may take among many jobs as among few. Default: 8. */
    protected int mostGrowth() {
        return 8;
    }

    @Nested
    class Insert extends InsertClauses {
        Insert() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Keeping extends KeepingClauses {
        Keeping() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Order extends OrderClauses {
        Order() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Claim extends ClaimClauses {
        Claim() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class NextDue extends NextDueClauses {
        NextDue() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Apply extends ApplyClauses {
        Apply() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Amend extends AmendClauses {
        Amend() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Remove extends RemoveClauses {
        Remove() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Fencing extends FencingClauses {
        Fencing() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class LostAnswers extends LostAnswerClauses {
        LostAnswers() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Paging extends PagingClauses {
        Paging() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Filters extends FilterClauses {
        Filters() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Counts extends CountClauses {
        Counts() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Membership extends MembershipClauses {
        Membership() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Names extends NameClauses {
        Names() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Leases extends LeaseClauses {
        Leases() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Expiry extends ExpiryClauses {
        Expiry() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Ends extends EndClauses {
        Ends() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Nodes extends NodeClauses {
        Nodes() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Orphans extends OrphanClauses {
        Orphans() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class WakeUp extends WakeUpClauses {
        WakeUp() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Interrupts extends InterruptClauses {
        Interrupts() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Concurrency extends ConcurrencyClauses {
        Concurrency() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class BadInput extends BadInputClauses {
        BadInput() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Close extends CloseClauses {
        Close() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Reopening extends ReopeningClauses {
        Reopening() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    @Tag("scales")
    class Scales extends ScaleClauses {
        Scales() {
            super(JobStoreContract.this);
        }
    }

    @Nested
    class Anomalies extends AnomalyClauses {
        Anomalies() {
            super(JobStoreContract.this);
        }
    }
}
