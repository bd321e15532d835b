package dev.fairlead.core.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that need no proxy: a list with commas of addresses, networks ({@code 10.0.0.0/8}) and names, each name with all below it,
 * below it alone with a dot before it. All but networks may have a port. {@code *} is everything. What can't be read is passed over.
 */
final class NoProxy {
    private record Network(IpAddress address, int bits) {}

    private record Exact(IpAddress address, String port) {}

    /** @param suffix begins with a dot */
    private record Domain(String suffix, boolean itself, String port) {
        boolean covers(String name) {
            return name.endsWith(suffix) || (itself && name.equals(suffix.substring(1)));
        }
    }

    private final List<Network> networks = new ArrayList<>();
    private final List<Exact> addresses = new ArrayList<>();
    private final List<Domain> domains = new ArrayList<>();
    private boolean everything;

    NoProxy(String list) {
        for (String each : list.split(",", -1)) {
            String entry = each.strip().toLowerCase(Locale.ROOT);
            if (!entry.isEmpty()) {
                add(entry);
            }
        }
    }

    private void add(String entry) {
        if (entry.equals("*")) {
            everything = true;
            return;
        }
        Network network = network(entry);
        if (network != null) {
            networks.add(network);
            return;
        }
        String host = entry;
        String port = "";
        int colon = entry.lastIndexOf(':');
        boolean bracketed = entry.startsWith("[") && entry.lastIndexOf(']') == colon - 1;
        if (colon >= 0 && (bracketed || entry.indexOf(':') == colon)) {
            host = bracketed ? entry.substring(1, colon - 1) : entry.substring(0, colon);
            port = entry.substring(colon + 1);
        }
        IpAddress address = IpAddress.parse(host);
        if (address != null) {
            addresses.add(new Exact(address, port));
            return;
        }
        String name = host.startsWith("*.") ? host.substring(1) : host;
        if (!name.isEmpty()) {
            boolean itself = !name.startsWith(".");
            domains.add(new Domain(itself ? "." + name : name, itself, port));
        }
    }

    private static @Nullable Network network(String entry) {
        int slash = entry.indexOf('/');
        IpAddress address = slash < 0 ? null : IpAddress.parse(entry.substring(0, slash));
        if (address == null || !entry.substring(slash + 1).matches("[0-9]{1,3}")) {
            return null;
        }
        int bits = Integer.parseInt(entry.substring(slash + 1));
        return bits > address.bits() ? null : new Network(address, bits);
    }

    boolean covers(String host, int port) {
        if (everything || host.equals("localhost")) {
            return true;
        }
        String number = String.valueOf(port);
        IpAddress address = IpAddress.parse(host);
        if (address == null) {
            String name = host.toLowerCase(Locale.ROOT);
            return domains.stream().anyMatch(each -> isPort(each.port, number) && each.covers(name));
        }
        return address.isLoopback()
                || networks.stream().anyMatch(each -> address.isIn(each.address, each.bits))
                || addresses.stream().anyMatch(each -> isPort(each.port, number) && each.address.equals(address));
    }

    private static boolean isPort(String wanted, String port) {
        return wanted.isEmpty() || wanted.equals(port);
    }
}
