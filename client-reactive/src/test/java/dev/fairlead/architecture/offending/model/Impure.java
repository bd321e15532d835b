package dev.fairlead.architecture.offending.model;

import org.slf4j.Logger;

/** A value that isn't one: not final, and it logs. */
public class Impure {
    void log(Logger logger) {
        logger.info("read");
    }
}
