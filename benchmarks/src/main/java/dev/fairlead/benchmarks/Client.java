package dev.fairlead.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client as the comparison sees it. Each method returns when all of it is done, and how much it was where the Engine decides. */
interface Client extends AutoCloseable {

    /** Pings so often, with so many under way at a time. */
    void pings(int count, int inFlight, @Nullable Latencies latencies) throws Exception;

    /** Inspects a container so often, with so many calls under way at a time. */
    void inspects(int count, int inFlight, @Nullable Latencies latencies) throws Exception;

    /** Lists so many containers so often, one list after the other; returns how many there were in all. */
    int lists(int count, int containers, @Nullable Latencies latencies) throws Exception;

    /** Reads a container's logs to their end; returns how many bytes their frames held. */
    long logs(String container) throws Exception;

    /** Reads so many events. */
    int events(int count) throws Exception;

    /** Reads so many samples of what a container uses. */
    int stats(int count) throws Exception;

    /** Reads so many messages of a pull. */
    int pull(int count) throws Exception;

    /** Copies so many bytes, which are taken for a tar, into a container. */
    void upload(long bytes) throws Exception;

    /** Copies a file of so many mebibytes out of a container; returns how long its tar was. */
    long download(int mebibytes) throws Exception;

    /** Sends so many bytes to an attached program that writes what it reads; returns how many came back. */
    long echo(long bytes) throws Exception;

    /** Opens so many followed logs and returns when each has had its first frame; they stay open. */
    void follow(int streams) throws Exception;

    /** Closes the followed logs. */
    void unfollow() throws Exception;

    /** Opens logs, takes so many frames and no more; they stay open. */
    void stall(String container, int frames) throws Exception;

    /** Closes the logs that were stalled. */
    void unstall() throws Exception;

    @Override
    void close() throws IOException;
}
