package dev.fairlead.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.reactivestreams.Publisher;

/**
 * What a request carries, where that is found out only when it is to be sent.
 *
 * @param query parameters that depend on it, in place of those that were asked for
 * @param bytes the body
 */
public record Upload(Map<String, String> query, Publisher<ByteBuffer> bytes) {}
