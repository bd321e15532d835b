package dev.fairlead.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a tar holds, as far as two of them are to agree. */
public final class TarListing {

    private TarListing() {}

    /** By name: kind, mode, and content or target. */
    public static Map<String, String> of(List<ByteBuffer> tar) throws IOException {
        Map<String, String> listing = new TreeMap<>();
        read(tar).forEach((entry, content) -> listing.put(entry.getName(), describe(entry, content)));
        return listing;
    }

    /** By name: what the files hold. */
    public static Map<String, byte[]> contents(List<ByteBuffer> tar) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        read(tar).forEach((entry, content) -> contents.put(entry.getName(), content));
        return contents;
    }

    private static String describe(TarArchiveEntry entry, byte[] content) {
        if (entry.isSymbolicLink()) {
            return "link to " + entry.getLinkName();
        }
        String mode = " %o %d:%d".formatted(entry.getMode() & 07777, entry.getLongUserId(), entry.getLongGroupId());
        return entry.isDirectory()
                ? "directory" + mode
                : "file" + mode + " " + content.length + " " + Arrays.hashCode(content);
    }

    private static Map<TarArchiveEntry, byte[]> read(List<ByteBuffer> tar) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece : tar) {
            byte[] copy = new byte[piece.remaining()];
            piece.duplicate().get(copy);
            all.write(copy);
        }
        Map<TarArchiveEntry, byte[]> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream input =
                new TarArchiveInputStream(new ByteArrayInputStream(all.toByteArray()), "UTF-8")) {
            for (TarArchiveEntry entry = input.getNextTarEntry(); entry != null; entry = input.getNextTarEntry()) {
                entries.put(entry, input.readAllBytes());
            }
        }
        return entries;
    }
}
