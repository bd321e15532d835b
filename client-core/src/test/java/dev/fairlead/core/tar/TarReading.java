package dev.fairlead.core.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Tars read to their end, and by another library. */
final class TarReading {

    private TarReading() {}

    /** An entry with what it holds. */
    @SuppressWarnings("ArrayRecordComponent") // For assertions on its parts.
    record Read(TarArchiveEntry entry, byte[] content) {}

    static byte[] bytes(TarSource... sources) throws IOException {
        try (TarStream tar = TarSource.open(List.of(sources))) {
            return rest(tar);
        }
    }

    static byte[] rest(TarStream tar) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece = tar.next(); piece != null; piece = tar.next()) {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            all.write(copy);
        }
        return all.toByteArray();
    }

    /** A first piece, and what has come since. */
    static byte[] all(ByteBuffer first, byte[] rest) {
        return ByteBuffer.allocate(first.remaining() + rest.length)
                .put(first)
                .put(rest)
                .array();
    }

    static List<Read> read(byte[] tar) throws IOException {
        List<Read> entries = new ArrayList<>();
        try (TarArchiveInputStream input = new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
            for (TarArchiveEntry entry = input.getNextTarEntry(); entry != null; entry = input.getNextTarEntry()) {
                entries.add(new Read(entry, input.readAllBytes()));
            }
        }
        return entries;
    }

    static Map<String, Read> byName(byte[] tar) throws IOException {
        Map<String, Read> entries = new LinkedHashMap<>();
        read(tar).forEach(read -> entries.put(read.entry().getName(), read));
        return entries;
    }
}
