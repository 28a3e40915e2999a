package dev.jobqueue.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class AttributesTextPropertiesTest {
    @Property
    void readsWhatItWrote(@ForAll @Size(max = 20) Map<String, String> attributes) {
        Map<String, String> read = AttributesText.parse(AttributesText.of(attributes));
        assertEquals(attributes, read);
        assertEquals(new ArrayList<>(attributes.keySet()), new ArrayList<>(read.keySet()));
    }

    @Property(tries = 50)
    void writesWhatSqlCanRead(@ForAll List<String> values) throws SQLException {
        String value = String.join("\"", values).replaceAll("[\\x00\\p{Cs}]", "\\\\"); // what an attribute can't have
        try (Statements sql = new Statements(DriverManager.getConnection("jdbc:sqlite::memory:"))) {
            assertEquals(
                    List.of(value),
                    sql.query(
                            "select ? ->> '$.key'",
                            row -> row.text(AttributesText.of(Map.of("key", value))),
                            row -> row.getString(1)));
        }
    }

    @Property
    void refusesAnyOtherText(@ForAll @Size(max = 3) Map<String, String> attributes, @ForAll int cut) {
        String text = AttributesText.of(attributes);
        String less = text.substring(0, Math.floorMod(cut, text.length()));
        assertThrows(IllegalArgumentException.class, () -> AttributesText.parse(less));
        assertThrows(IllegalArgumentException.class, () -> AttributesText.parse(text + "}"));
    }

    @Example
    void readsWhatADatabaseMadeOfIt() {
        assertEquals(
                Map.of("a", "\b\f\n\r\t/\\\"\u0001", " b ", " : , "),
                AttributesText.parse("{\"a\": \"\\b\\f\\n\\r\\t/\\\\\\\"\\u0001\", \" b \": \" : , \"}"));
    }
}
