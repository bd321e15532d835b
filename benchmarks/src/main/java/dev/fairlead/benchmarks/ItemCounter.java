package dev.fairlead.benchmarks;

import com.github.dockerjava.api.async.ResultCallback;

/** What docker-java calls with the messages of a stream. */
final class ItemCounter<T> extends ResultCallback.Adapter<T> {

    private int count;

    @Override
    public void onNext(T item) {
        count++;
    }

    @Override
    public void onError(Throwable failure) {
        Allocations.noteThread();
        super.onError(failure);
    }

    @Override
    public void onComplete() {
        Allocations.noteThread();
        super.onComplete();
    }

    /** How many there were to the end. */
    int awaitCount() throws InterruptedException {
        awaitCompletion();
        return count;
    }
}
