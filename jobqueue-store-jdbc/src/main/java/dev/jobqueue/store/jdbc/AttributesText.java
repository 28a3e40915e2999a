package dev.jobqueue.store.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A job's attributes as text: a JSON object of strings, so that people and SQL can read them, in the map's order. */
final class AttributesText {
    private final String text;
    private int at;

    private AttributesText(String text) {
        this.text = text;
    }

    static String of(Map<String, String> attributes) {
        StringBuilder text = new StringBuilder("{");
        attributes.forEach((key, value) -> {
            text.append(text.length() == 1 ? "" : ",");
            quote(key, text);
            text.append(':');
            quote(value, text);
        });
        return text.append('}').toString();
    }

    /** What takes an attribute away where an object is merged with {@link #patch}, and nothing is left of it. */
    static final String REMOVED = "null";

    /** The same where it stays as a mark, which {@link #parse} passes over. */
    static final String MARKED = "false";

    /** What a change does to attributes: an object of strings to set, and what is to stand for those to take away. */
    static String patch(Map<String, Optional<String>> changes, String gone) {
        StringBuilder text = new StringBuilder("{");
        changes.forEach((key, value) -> {
            text.append(text.length() == 1 ? "" : ",");
            quote(key, text);
            text.append(':');
            value.ifPresentOrElse(set -> quote(set, text), () -> text.append(gone));
        });
        return text.append('}').toString();
    }

    /** A string of JSON. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder();
        quote(value, text);
        return text.toString();
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append("\\u%04x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    /**
     * The attributes that {@link #of} wrote, or a database that keeps them as JSON in a form of its own.
     *
     * @throws IllegalArgumentException if it is another text
     */
    static Map<String, String> parse(String text) {
        return new AttributesText(text).object();
    }

    private Map<String, String> object() {
        Map<String, String> attributes = new LinkedHashMap<>();
        boolean more = false;
        expect('{');
        while (peek() != '}') {
            if (more) {
                expect(',');
            }
            more = true;
            String key = string();
            expect(':');
            if (text.startsWith(MARKED, at)) {
                at += MARKED.length();
            } else {
                attributes.put(key, string());
            }
        }
        at++;
        if (at != text.length()) {
            throw unreadable();
        }
        return attributes;
    }

    private String string() {
        if (peek() != '"') {
            throw unreadable();
        }
        at++;
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            value.append(c == '\\' ? escaped() : c);
        }
        at++;
        return value.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> coded();
            default -> c;
        };
    }

    private char coded() {
        if (at + 4 > text.length()) {
            throw unreadable();
        }
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private void expect(char c) {
        skipSpaces();
        if (peek() != c) {
            throw unreadable();
        }
        at++;
        skipSpaces();
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw unreadable();
        }
        return text.charAt(at);
    }

    private IllegalArgumentException unreadable() {
        return new IllegalArgumentException("attributes are a JSON object of strings, but at " + at + " were not");
    }
}
