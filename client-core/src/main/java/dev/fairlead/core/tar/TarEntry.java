package dev.fairlead.core.tar;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a tar, whose content is read after its head.
 *
 * @param name its name as bytes, with slashes and without one at either end
 * @param type what it is
 * @param attributes its mode, owner and time
 * @param link what a symbolic link points to, empty for all else
 * @param device major and minor number of a device, zero for all else
 * @param content what a file holds, or null where there is nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Made, written and dropped; never compared.
record TarEntry(
        byte[] name,
        Type type,
        TarAttributes attributes,
        byte[] link,
        Device device,
        @Nullable TarContent content) implements Closeable {

    static final byte[] NO_LINK = {};

    /** By the letters of the POSIX format. */
    enum Type {
        FILE('0'),
        SYMBOLIC_LINK('2'),
        CHARACTER_DEVICE('3'),
        BLOCK_DEVICE('4'),
        DIRECTORY('5'),
        FIFO('6');

        final byte flag;

        Type(char flag) {
            this.flag = (byte) flag;
        }
    }

    /** The two numbers of a device. */
    record Device(long major, long minor) {
        static final Device NONE = new Device(0, 0);
    }

    long size() {
        return content == null ? 0 : content.size();
    }

    @Override
    public void close() throws IOException {
        if (content != null) {
            content.close();
        }
    }
}
