package dev.fairlead.core.transfer;

import dev.fairlead.core.json.Json;
import dev.fairlead.core.json.JsonReader;
import dev.fairlead.core.wire.JsonSequenceDecoder;
import dev.fairlead.model.BuildInfo;
import dev.fairlead.model.CreateImageInfo;
import dev.fairlead.model.PushImageInfo;
import dev.fairlead.model.TransferMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a real Engine has said during a transfer, byte for byte; its folder says which Engine, its name which operation. */
record Recorded(Path file) {

    private static final Path FOLDER = Path.of("src", "test", "resources", "transfer");

    static Stream<Recorded> all() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Recorded::new)
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Recorded of(String name) {
        return new Recorded(FOLDER.resolve(name + ".json"));
    }

    boolean isLoad() {
        return file.getFileName().toString().startsWith("load");
    }

    List<TransferMessage> messages() {
        String name = file.getFileName().toString();
        if (isLoad() || name.startsWith("build")) {
            return decode(Json.readerFor(BuildInfo.class));
        }
        return name.contains("push")
                ? decode(Json.readerFor(PushImageInfo.class))
                : decode(Json.readerFor(CreateImageInfo.class));
    }

    private <M extends TransferMessage> List<TransferMessage> decode(JsonReader<M> reader) {
        JsonSequenceDecoder<M> decoder = new JsonSequenceDecoder<>("POST /recorded", reader);
        List<TransferMessage> messages = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(read(file));
        for (M message = decoder.next(bytes); message != null; message = decoder.next(bytes)) {
            messages.add(message);
        }
        return messages;
    }

    /** The snapshots after each message, and the facts after the last one, as they were found good. */
    String expected() {
        return new String(
                read(Path.of(file.toString().replace(".json", ".snapshots"))), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Leaves what came instead where the next expectation can be taken from. */
    void leave(String actual) {
        Path left = Path.of("target", "transfer")
                .resolve(FOLDER.relativize(file).toString().replace(".json", ".snapshots"));
        try {
            Files.createDirectories(left.getParent());
            Files.writeString(left, actual);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return FOLDER.relativize(file).toString();
    }
}
