package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Keeps jobs in MariaDB, 10.6 or newer: durable, and shared by as many nodes as open it, in as many processes. A server of
 * MySQL is refused.
 *
 * <p>Connections are the host's, from its pool: a call takes one, and gives it back as it was. Its transaction is READ
 * COMMITTED and strict, whatever the host's defaults are; the host's own transactions are not touched.
 *
 * <p>Batches are up to 1,000 jobs, payloads up to 16 MiB, or less where the server's {@code max_allowed_packet} is below 34
 * MiB: see {@code traits().maxPayload()}. Nodes of other processes are not woken: they look every two seconds. Thread-safe.
 */
public final class MariaDbJobStore extends DatabaseJobStore {
    private MariaDbJobStore(Database database, StoreTraits traits, Kinds kinds, Tables tables) {
        super(database, traits, kinds, tables, Present.withoutEars());
    }

    /** Opens the store with the default options; see {@link #open(DataSource, UnaryOperator)}. */
    public static MariaDbJobStore open(DataSource source) {
        return open(source, options -> options);
    }

    /**
     * Opens the store on the server of this source, and creates its tables or brings them up to date, unless the options
     * say otherwise. What MariaDB calls a database is called a schema here.
     *
     * @param source gives connections with the rights to read and write the tables; stays the host's, and is not closed
     * @param options makes the options from the defaults
     * @throws dev.jobqueue.ConfigurationException if options are out of their range; the message names them all
     * @throws StoreException if the server is MySQL or too old, if the tables are missing or old and may not be made, are
     *     of a newer version or of something else, or the server can't be reached. The message says which, and what to
     *     do; nothing was changed
     */
    public static MariaDbJobStore open(DataSource source, UnaryOperator<DatabaseOptions> options) {
        DatabaseOptions chosen = options.apply(DatabaseOptions.defaults()).checked();
        Names names = new Names("mariadb", '`', chosen);
        Database database = new Database(source, names.store(), new MariaDbDialect(), chosen.callBound());
        Kinds kinds = new Kinds();
        MariaDbKinds kindTable = new MariaDbKinds(names, kinds);
        MariaDbServer server = database.define("be opened", sql -> {
            new MariaDbSchema(names, chosen.migration()).prepare(sql);
            kindTable.load(sql);
            return MariaDbServer.of(sql);
        });
        MariaDbLeases leases = MariaDbLeases.none();
        MariaDbInsert insert = new MariaDbInsert(names, kinds, server.bytesOfJobs());
        Tables tables = new Tables(
                kindTable,
                writer(names, kinds, insert, leases),
                () -> writer(names, kinds, insert, leases.forCaller()),
                new MariaDbClaim(names, kinds, new LeasedRows(new JobRows(kinds)), leases),
                new MariaDbList(names, kinds, kindTable, leases),
                new MariaDbCounts(names, kinds),
                new MariaDbMembers(names, chosen.clock()));
        StoreTraits traits = StoreTraits.shared(names.store()).withMaxPayload(server.maxPayload());
        return new MariaDbJobStore(database, server.durable() ? traits.withDurability() : traits, kinds, tables);
    }

    private static Writer writer(Names names, Kinds kinds, MariaDbInsert insert, MariaDbLeases leases) {
        return new Writer(
                names.store(), insert, new MariaDbApply(names, kinds, leases), new MariaDbPlaces(names, leases));
    }
}
