package dev.jobqueue.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the store's tables are called in the database: quoted, so that a name is never more than a name. */
final class Names {
    private static final Pattern TABLE = Pattern.compile("\\{(\\w+)}");

    private final String product;
    private final String quote;
    private final String schema;
    private final String prefix;

    /** Names in a database that quotes them so. */
    Names(String product, char quote, DatabaseOptions options) {
        this.product = product;
        this.quote = String.valueOf(quote);
        this.schema = options.schema();
        this.prefix = options.tablePrefix();
    }

    /** What messages call the store. */
    String store() {
        return product + " " + schema + (prefix.isEmpty() ? "" : "." + prefix + "*");
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
                        Matcher.quoteReplacement(quoted(schema) + "." + quoted(table(name.group(1)))));
    }

    /** A script whose placeholders stand within quotes. */
    String script(String text) {
        return text.replace("${schema}", doubled(schema)).replace("${prefix}", doubled(prefix));
    }

    /** Another one for each two names of schema and prefix. */
    UUID hash() {
        return UUID.nameUUIDFromBytes((schema + "\0" + prefix).getBytes(UTF_8));
    }

    String quoted(String name) {
        return quote + doubled(name) + quote;
    }

    private String doubled(String name) {
        return name.replace(quote, quote + quote);
    }
}
