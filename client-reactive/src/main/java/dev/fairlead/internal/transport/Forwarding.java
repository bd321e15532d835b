package dev.fairlead.internal.transport;

import reactor.core.publisher.Operators;

/** A subscription that is there before the one which it forwards to: keeps what is asked for, and a cancel, until then. */
class Forwarding extends Operators.DeferredSubscription {

    @Override
    public void request(long count) {
        // What is added up is not looked at any more.
        if (Operators.validate(count)) {
            super.request(count);
        }
    }
}
