package dev.fairlead.testing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something one thread waits for until another one says so; waiting longer than the limit fails the test. */
public final class Gate {

    private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

    public void open() {
        opened.complete(true);
    }

    public boolean isOpen() {
        return opened.isDone();
    }

    public void await() throws InterruptedException {
        await(FakeEngine.LIMIT);
    }

    public void await(Duration limit) throws InterruptedException {
        try {
            opened.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("nobody opened the gate within " + limit, late);
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    void whenOpen(Runnable action) {
        var unused = opened.thenRun(action);
    }
}
