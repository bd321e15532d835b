package dev.fairlead.core.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Unpacks a file to a folder, in a process of its own. */
final class UnpackTar {

    private UnpackTar() {}

    public static void main(String[] arguments) throws IOException {
        try (TarUnpacker unpacker = new TarUnpacker("unpack", Path.of(arguments[1]), UnaryOperator.identity())) {
            unpacker.unpack(ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0]))));
            unpacker.finish();
        }
    }
}
