package dev.jobqueue.store.jdbc;

import dev.jobqueue.store.Feature;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.StoreTraits;
import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Keeps jobs in PostgreSQL, 13 or newer: durable, and shared by as many nodes as open it, in as many processes.
 *
 * <p>Connections are the host's, from its pool: a call takes one, and gives it back as it was. Its transaction is READ
 * COMMITTED and its commit waits for the disk, whatever the host's defaults are; the host's own transactions are not
 * touched.
 *
 * <p>Payloads are up to 16 MiB, batches up to 1,000 jobs. Thread-safe.
 */
public final class PostgresJobStore extends DatabaseJobStore {
    private PostgresJobStore(Database database, StoreTraits traits, Kinds kinds, Tables tables, Present present) {
        super(database, traits, kinds, tables, present);
    }

    /** Opens the store with the default options; see {@link #open(DataSource, UnaryOperator)}. */
    public static PostgresJobStore open(DataSource source) {
        return open(source, options -> options);
    }

    /**
     * Opens the store in the database of this source, and creates its tables or brings them up to date, unless the
     * options say otherwise.
     *
     * @param source gives connections with the rights to read and write the tables; stays the host's, and is not closed
     * @param options makes the options from the defaults
     * @throws dev.jobqueue.ConfigurationException if options are out of their range; the message names them all
     * @throws StoreException if the tables are missing or old and may not be made, are of a newer version or of something
     *     else, or the database can't be reached. The message says which, and what to do; nothing was changed
     */
    public static PostgresJobStore open(DataSource source, UnaryOperator<DatabaseOptions> options) {
        DatabaseOptions chosen = options.apply(DatabaseOptions.defaults()).checked();
        Names names = new Names("postgresql", '"', chosen);
        Database database = new Database(source, names.store(), new PostgresDialect(), chosen.callBound());
        Kinds kinds = new Kinds();
        PostgresKinds kindTable = new PostgresKinds(names, kinds);
        StoreTraits traits = database.define("be opened", sql -> {
            new PostgresSchema(names, chosen.migration()).prepare(sql);
            kindTable.load(sql);
            return traits(names, sql);
        });
        String here = UUID.randomUUID().toString();
        String channel = PostgresListener.channel(names);
        String notify = "notify " + channel;
        Writer callersWriter = writer(names, kinds, notify + "; "); // heard here too, when it is committed
        LeasedRows rows = new LeasedRows(new JobRows(kinds));
        Tables tables = new Tables(
                kindTable,
                writer(names, kinds, notify + ", '" + here + "'; "),
                () -> callersWriter,
                new PostgresClaim(names, kinds, rows),
                new PostgresList(names, rows),
                new PostgresCounts(names, kinds),
                new PostgresMembers(names, chosen.clock()));
        Present present = traits.features().contains(Feature.WAKE_UP)
                ? new Present(wakeUp -> PostgresListener.start(source, channel, here, wakeUp))
                : Present.withoutEars();
        return new PostgresJobStore(database, traits, kinds, tables, present);
    }

    private static Writer writer(Names names, Kinds kinds, String notification) {
        return new Writer(
                names.store(),
                new PostgresInsert(names, kinds, notification),
                new PostgresApply(names, kinds, notification),
                new PostgresPlaces(names));
    }

    private static StoreTraits traits(Names names, Transaction sql) throws SQLException {
        StoreTraits found = StoreTraits.shared(names.store());
        if (PostgresListener.canListenOn(sql.connection())) {
            found = found.withFeatures(Set.of(Feature.WAKE_UP));
        }
        String fsync = sql.last("select current_setting('fsync')", none -> {}, row -> row.getString(1))
                .get(0);
        return fsync.equals("on") ? found.withDurability() : found;
    }
}
