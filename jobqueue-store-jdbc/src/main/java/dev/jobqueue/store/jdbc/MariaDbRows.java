package dev.jobqueue.store.jdbc;

import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Many rows as one parameter: a JSON array of arrays, for {@code json_table}. MariaDB has no parameters that are arrays. */
final class MariaDbRows {
    private final StringJoiner row = new StringJoiner(",", "[", "]");

    private MariaDbRows() {}

    static <T> String of(List<T> rows, BiConsumer<MariaDbRows, T> columns) {
        StringJoiner text = new StringJoiner(",", "[", "]");
        for (T one : rows) {
            MariaDbRows row = new MariaDbRows();
            columns.accept(row, one);
            text.add(row.row.toString());
        }
        return text.toString();
    }

    /** Rows of one column, of texts that need no quoting. */
    static String list(List<String> texts) {
        StringJoiner text = new StringJoiner("\",\"", "[\"", "\"]");
        texts.forEach(text::add);
        return text.toString();
    }

    MariaDbRows number(@Nullable Number value) {
        row.add(String.valueOf(value));
        return this;
    }

    MariaDbRows text(@Nullable String value) {
        row.add(value == null ? "null" : AttributesText.quoted(value));
        return this;
    }
}
