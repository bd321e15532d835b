package dev.fairlead.testing;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A file that is in no memory and on no disk: its bytes are made while they are asked for, each time the same, and no two pieces of 64
 * KiB alike.
 */
public final class LargeFile {

    private static final int PIECE = 64 * 1024;

    private static final byte[] END = new byte[1024];

    private static final byte[] NOISE = noise();

    private final String name;
    private final long length;

    /** One of that name and of so many MiB, at most 8 GiB. */
    public LargeFile(String name, long mebibytes) {
        this.name = name;
        this.length = mebibytes * 1024 * 1024;
    }

    private static byte[] noise() {
        byte[] noise = new byte[PIECE];
        new Random(7).nextBytes(noise);
        return noise;
    }

    public String name() {
        return name;
    }

    public long length() {
        return length;
    }

    public Flux<ByteBuffer> content() {
        return Flux.generate(() -> 0L, (at, sink) -> {
            if (at == length) {
                sink.complete();
            } else {
                sink.next(ByteBuffer.wrap(NOISE.clone()).putLong(0, at));
            }
            return at + PIECE;
        });
    }

    /** A tar that holds it. */
    public Flux<ByteBuffer> tar() {
        return Flux.concat(
                Flux.defer(() -> Flux.just(ByteBuffer.wrap(Tar.fileHeader(name, length)))), content(), end());
    }

    /** How long {@link #tar()} is. */
    public long tarLength() {
        return Tar.fileHeader(name, length).length + length + END.length;
    }

    private static Flux<ByteBuffer> end() {
        return Flux.defer(() -> Flux.just(ByteBuffer.wrap(END.clone())));
    }

    /** An image with one layer, which holds the file, as {@code docker save} packs it. Hashes the layer first, which takes a while. */
    public Flux<ByteBuffer> image(String reference) {
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + sha256(tar()) + "\"]}}";
        String manifest =
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"" + reference + "\"],\"Layers\":[\"layer.tar\"]}]";
        byte[] head = new Tar()
                .file("manifest.json", manifest)
                .file("config.json", config)
                .withoutEnd();
        return Flux.concat(
                Flux.just(head, Tar.fileHeader("layer.tar", tarLength())).map(ByteBuffer::wrap),
                // Of whole blocks, so that nothing fills it up.
                tar(),
                end());
    }

    /** In hexadecimal; takes a while. */
    public static String sha256(Flux<ByteBuffer> bytes) {
        MessageDigest digest = digest();
        return Objects.requireNonNull(bytes.doOnNext(digest::update)
                .then(Mono.fromSupplier(() -> HexFormat.of().formatHex(digest.digest())))
                .block());
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
