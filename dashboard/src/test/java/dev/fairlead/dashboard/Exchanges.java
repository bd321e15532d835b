package dev.fairlead.dashboard;

import dev.fairlead.ExchangeEnd;
import dev.fairlead.ExchangeFilter;
import dev.fairlead.ExchangeRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** What the dashboard asks of the Engine. */
final class Exchanges implements ExchangeFilter {

    private final List<ExchangeRequest> begun = new CopyOnWriteArrayList<>();
    private final Set<Object> ended = ConcurrentHashMap.newKeySet();

    @Override
    public Mono<ExchangeRequest> before(ExchangeRequest request) {
        begun.add(request);
        return Mono.just(request);
    }

    @Override
    public void ended(ExchangeRequest request, ExchangeEnd end) {
        ended.add(request.traffic());
    }

    /** Those of an operation that name this in their path. */
    List<ExchangeRequest> of(String operation, String part) {
        return begun.stream()
                .filter(request ->
                        request.operation().equals(operation) && request.path().contains(part))
                .toList();
    }

    /** How many of them are open. */
    long open(String operation, String part) {
        return opened(operation, part).size();
    }

    /** Those of them that are open. */
    List<ExchangeRequest> opened(String operation, String part) {
        return of(operation, part).stream()
                .filter(request -> !ended.contains(request.traffic()))
                .toList();
    }

    /** How many there have been that change something. */
    long changes() {
        return begun.stream()
                .filter(request ->
                        !request.method().equals("GET") && !request.method().equals("HEAD"))
                .count();
    }
}
