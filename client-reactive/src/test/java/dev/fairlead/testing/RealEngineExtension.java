package dev.fairlead.testing;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts one {@link RealEngine} a JVM, when the first class needs it; JUnit's root store stops it after the last. */
final class RealEngineExtension implements BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(RealEngineExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        engine(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RealEngine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return engine(context);
    }

    private static RealEngine engine(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Start.class, key -> Start.of(RealEngine::start), Start.class)
                .engine();
    }

    /** How the one start went: it is not tried again for each class when it failed. */
    record Start(@Nullable RealEngine started, @Nullable Throwable failure) implements AutoCloseable {

        static Start of(Callable<RealEngine> start) {
            try {
                return new Start(start.call(), null);
            } catch (Throwable failure) {
                return new Start(null, failure);
            }
        }

        RealEngine engine() {
            if (started == null) {
                throw new AssertionError("no Engine to test on", failure);
            }
            return started;
        }

        @Override
        public void close() {
            if (started != null) {
                started.close();
            }
        }
    }
}
