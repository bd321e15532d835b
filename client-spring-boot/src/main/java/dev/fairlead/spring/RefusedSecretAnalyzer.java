package dev.fairlead.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Before Boot's own, which looks the value up in the environment and prints it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RefusedSecretAnalyzer extends AbstractFailureAnalyzer<RefusedSecret> {

    RefusedSecretAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable root, RefusedSecret refused) {
        return new FailureAnalysis(
                "The value of " + refused.getName() + " is refused: " + refused.getReason(),
                "Update your application's configuration.",
                refused);
    }
}
