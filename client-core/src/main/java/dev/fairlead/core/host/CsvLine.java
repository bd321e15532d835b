package dev.fairlead.core.host;

import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated values, in which a field with commas stands in quotes and a quote in it is doubled. */
final class CsvLine {
    private final String text;
    private int place;

    /** Line breaks at the end are not counted. */
    CsvLine(String text) {
        this.text = text.replaceFirst("[\\r\\n]+$", "");
    }

    /** The fields, none if the line is empty. */
    List<String> fields() {
        List<String> fields = new ArrayList<>();
        if (text.isEmpty()) {
            return fields;
        }
        fields.add(field());
        while (place < text.length()) {
            place++; // the comma
            fields.add(field());
        }
        return fields;
    }

    private String field() {
        if (text.startsWith("\"", place)) {
            return quoted();
        }
        int comma = text.indexOf(',', place);
        String field = text.substring(place, comma < 0 ? text.length() : comma);
        if (field.indexOf('"') >= 0) {
            throw new IllegalArgumentException("a quote stands within a field that does not begin with one");
        }
        place += field.length();
        return field;
    }

    private String quoted() {
        StringBuilder field = new StringBuilder();
        place++;
        while (true) {
            int quote = text.indexOf('"', place);
            if (quote < 0) {
                throw new IllegalArgumentException("a quote is not closed");
            }
            field.append(text, place, quote);
            place = quote + 1;
            if (!text.startsWith("\"", place)) {
                break;
            }
            field.append('"');
            place++;
        }
        if (place < text.length() && text.charAt(place) != ',') {
            throw new IllegalArgumentException("something other than a comma follows a closing quote");
        }
        return field.toString();
    }
}
