package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the store's tables are called in the database: quoted, so that a name is never more than a name. */
final class PostgresNames {
    private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

    private final String schema;
    private final String prefix;

    PostgresNames(PostgresOptions options) {
        this.schema = options.schema();
        this.prefix = options.tablePrefix();
    }

    /** What messages call the store. */
    String store() {
        return "postgresql " + schema + (prefix.isEmpty() ? "" : "." + prefix + "*");
    }

    String schema() {
        return schema;
    }

    /** The name of one of the store's tables, as the catalogue has it. */
    String table(String name) {
        return prefix + name;
    }

    /** A statement with <code>{job}</code> for the table {@code job}, and so on. */
    String sql(String text) {
        return TABLE.matcher(text)
                .replaceAll((MatchResult name) ->
                        java.util.regex.Matcher.quoteReplacement(quoted(schema) + "." + quoted(table(name.group(1)))));
    }

    /** A script whose placeholders stand within quotes. */
    String script(String text) {
        return text.replace("${schema}", doubled(schema)).replace("${prefix}", doubled(prefix));
    }

    /** The channel of the store's notifications, which all databases of a server have for themselves. */
    String channel() {
        return quoted("jobqueue_" + hash());
    }

    /** The lock that whoever works on the schema holds. */
    long lock() {
        return hash().getMostSignificantBits();
    }

    private UUID hash() {
        return UUID.nameUUIDFromBytes((schema + "\0" + prefix).getBytes(UTF_8));
    }

    static String quoted(String name) {
        return "\"" + doubled(name) + "\"";
    }

    private static String doubled(String name) {
        return name.replace("\"", "\"\"");
    }
}
