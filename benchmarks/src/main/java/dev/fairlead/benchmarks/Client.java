package dev.fairlead.benchmarks;

import java.io.IOException;

/** A client as the comparison sees it. Each method returns when all of it is done. */
interface Client extends AutoCloseable {

    /** Pings so often, with so many under way at a time. */
    void pings(int count, int inFlight) throws Exception;

    /** Inspects a container so often, with so many calls under way at a time. */
    void inspects(int count, int inFlight) throws Exception;

    /** Lists the containers; returns how many there were. */
    int list() throws Exception;

    /** Reads a container's logs to their end; returns how many bytes their frames held. */
    long logs(String container) throws Exception;

    /** Opens so many followed logs and returns when each has had its first frame; they stay open. */
    void follow(int streams) throws Exception;

    /** Closes the followed logs. */
    void unfollow() throws Exception;

    @Override
    void close() throws IOException;
}
