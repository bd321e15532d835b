package dev.fairlead.architecture.offending;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import java.io.FileInputStream;
import java.util.List;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** A public signature for each thing that none may show. */
public abstract class Revealing {
    protected JsonNode tree = tools.jackson.databind.node.NullNode.getInstance();

    public abstract Flux<List<ByteBuf>> generic();

    protected abstract FileInputStream inherited();

    public abstract void thrown() throws DecoderException;
}
