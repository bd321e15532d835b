package dev.fairlead;

import dev.fairlead.model.OutputFrame;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import reactor.core.publisher.Flux;

/** A program of its own with little memory: sends noise through {@code cat} in a container and prints what went in and came out. */
final class ExecEcho {

    private static final int PIECE = 64 * 1024;

    private ExecEcho() {}

    /**
     * Sends to {@code cat} and prints both hashes.
     *
     * @param arguments the Engine, the container, how many MiB, and whether native transport may be used
     */
    public static void main(String[] arguments) throws NoSuchAlgorithmException {
        String container = arguments[1];
        int pieces = Integer.parseInt(arguments[2]) * (1024 * 1024 / PIECE);
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest seen = MessageDigest.getInstance("SHA-256");
        try (DockerClient docker = DockerClient.create(
                config -> config.host(arguments[0]).nativeTransport(Boolean.parseBoolean(arguments[3])))) {
            long code = docker.execs()
                    .run(container, exec -> exec.cmd("cat")
                            .stdin(Flux.range(0, pieces).map(i -> noise(i, sent)))
                            .output(output -> output.doOnNext(frame -> add(frame, seen))))
                    .map(ExecResult::exitCode)
                    .blockOptional(Duration.ofMinutes(8))
                    .orElseThrow();
            HexFormat hex = HexFormat.of();
            System.out.print(code + " " + hex.formatHex(sent.digest()) + " " + hex.formatHex(seen.digest()));
        }
    }

    private static ByteBuffer noise(int seed, MessageDigest digest) {
        byte[] piece = new byte[PIECE];
        new Random(seed).nextBytes(piece);
        digest.update(piece);
        return ByteBuffer.wrap(piece);
    }

    private static void add(OutputFrame frame, MessageDigest digest) {
        digest.update(frame.bytes());
    }
}
