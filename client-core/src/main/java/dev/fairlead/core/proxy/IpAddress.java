package dev.fairlead.core.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address that is written as one. No name is ever looked up. */
final class IpAddress {
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "\\." + BYTE + "\\." + BYTE + "\\." + BYTE);
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final InetAddress address;

    private IpAddress(InetAddress address) {
        this.address = address;
    }

    /** The address, without the zone of one of IPv6, or null if it is none. */
    static @Nullable IpAddress parse(String text) {
        int zone = text.indexOf('%');
        String literal = zone < 0 ? text : text.substring(0, zone);
        boolean isIpv6 = IPV6.matcher(literal).matches();
        if (!isIpv6 && (zone >= 0 || !IPV4.matcher(literal).matches())) {
            return null;
        }
        try {
            // With a colon or four numbers in it the JDK takes it for an address, or for none, and asks nobody.
            return new IpAddress(InetAddress.getByName(literal));
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    /** How many bits it has. */
    int bits() {
        return address.getAddress().length * 8;
    }

    boolean isLoopback() {
        return address.isLoopbackAddress();
    }

    /** Whether both begin with the same bits. */
    boolean isIn(IpAddress network, int bits) {
        byte[] own = address.getAddress();
        byte[] other = network.address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((own[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && Arrays.equals(address.getAddress(), that.address.getAddress());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address.getAddress());
    }
}
