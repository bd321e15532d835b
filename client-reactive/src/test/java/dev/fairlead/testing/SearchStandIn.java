package dev.fairlead.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an Engine needs of a registry to search in it, which no registry of today's serves but Docker Hub: {@code PORT}. */
public final class SearchStandIn {

    private SearchStandIn() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        Map.of("/v1/_ping", "{\"standalone\":true}", "/v1/search", """
                {"num_results":2,"query":"box","results":[
                 {"name":"library/box","description":"A box","star_count":7,"is_official":true,"is_automated":false},
                 {"name":"me/box","description":"Mine","star_count":0,"is_official":false,"is_automated":false}]}
                """)
                .forEach((path, answer) -> server.createContext(path, exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.getResponseHeaders().set("X-Docker-Registry-Version", "0.6.0");
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                }));
        server.start();
        System.out.println("ready");
    }
}
