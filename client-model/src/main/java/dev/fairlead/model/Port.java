package dev.fairlead.model;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of a container, as the Engine writes it: {@code 80/tcp}. It is the key of port bindings and an entry of exposed ports.
 *
 * @param number from 1 to 65535
 * @param protocol the protocol
 */
public record Port(int number, PortProtocol protocol) {

    private static final int LARGEST = 65_535;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})(?:/([a-zA-Z]+))?");

    /** Refuses a number that is no port's. */
    public Port {
        Objects.requireNonNull(protocol, "protocol is null");
        if (number < 1 || number > LARGEST) {
            throw new IllegalArgumentException("number is no port: " + number);
        }
    }

    /** A port of TCP. */
    public static Port tcp(int number) {
        return new Port(number, PortProtocol.TCP);
    }

    /** A port of UDP. */
    public static Port udp(int number) {
        return new Port(number, PortProtocol.UDP);
    }

    /**
     * Reads {@code 80/tcp}; without a protocol it is TCP's.
     *
     * @throws IllegalArgumentException if the text is anything else; its message holds the text
     */
    public static Port parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a port: '" + text + "'");
        }
        String protocol = matcher.group(2);
        return new Port(
                Integer.parseInt(matcher.group(1)),
                protocol == null ? PortProtocol.TCP : PortProtocol.of(protocol.toLowerCase(java.util.Locale.ROOT)));
    }

    /** As the Engine writes it. */
    @Override
    public String toString() {
        return number + "/" + protocol;
    }
}
