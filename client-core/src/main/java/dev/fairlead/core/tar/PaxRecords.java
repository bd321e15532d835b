package dev.fairlead.core.tar;

import dev.fairlead.core.error.ProtocolFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the extensions of a tar say of one entry, or of all that follow: values that its blocks have no room for. */
final class PaxRecords {

    /** What a file's holes are told by; whatever follows that. */
    private static final String SPARSE = "GNU.sparse.";

    private static final Set<String> READ = Set.of("path", "linkpath", "size", "mtime");
    private static final byte[] NOTHING = {};

    private final String operation;
    private final Map<String, byte[]> values = new HashMap<>();

    PaxRecords(String operation) {
        this.operation = operation;
    }

    /** Keeps what is of use: there may be any number of others, of any length. */
    void put(String name, byte[] value) {
        if (READ.contains(name)) {
            values.put(name, value);
        } else if (name.startsWith(SPARSE)) {
            values.put(SPARSE, NOTHING);
        }
    }

    /** Reads records of the form {@code length name=value}, each with a line's end that the length counts. */
    void addAll(byte[] records) {
        int at = 0;
        while (at < records.length) {
            int space = indexOf(records, ' ', at, Math.min(records.length, at + 10));
            int length = space < 0 ? 0 : length(records, at, space);
            int end = at + length;
            if (length <= space - at || end > records.length || records[end - 1] != '\n') {
                throw malformed();
            }
            int equals = indexOf(records, '=', space + 1, end);
            if (equals < 0) {
                throw malformed();
            }
            String name = new String(records, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            put(name, Arrays.copyOfRange(records, equals + 1, end - 1));
            at = end;
        }
    }

    /** These, and where they say nothing, the others. */
    PaxRecords over(PaxRecords others) {
        if (others.values.isEmpty()) {
            return this;
        }
        PaxRecords both = new PaxRecords(operation);
        both.values.putAll(others.values);
        both.values.putAll(values);
        return both;
    }

    /** Whether it is a file with holes, of which the tar leaves them out. */
    boolean isSparse() {
        return values.containsKey(SPARSE);
    }

    /** A text, or null where it is not said; an empty one takes back what was said of all entries. */
    @Nullable
    String text(String name) {
        byte[] value = values.get(name);
        return value == null || value.length == 0 ? null : text(operation, value, 0, value.length);
    }

    /** A text of a tar, which has to be UTF-8: names that differ in other bytes could not be told apart. */
    static String text(String operation, byte[] bytes, int at, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException otherBytes) {
            throw new ProtocolFailure(operation, "the archive has a name that is no UTF-8", otherBytes);
        }
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private int length(byte[] records, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            if (records[i] < '0' || records[i] > '9') {
                throw malformed();
            }
            length = length * 10 + records[i] - '0';
        }
        return length;
    }

    private ProtocolFailure malformed() {
        return new ProtocolFailure(operation, "the archive has an extended head that is malformed");
    }
}
