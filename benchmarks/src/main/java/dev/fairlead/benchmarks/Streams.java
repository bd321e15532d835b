package dev.fairlead.benchmarks;

/**
 * What many open streams cost.
 *
 * @param millis how long it took to open them all
 * @param heapKib heap in use a stream, after a collection, in KiB
 * @param threads how many threads more there were
 */
record Streams(double millis, double heapKib, int threads) {

    String toLine() {
        return millis + " " + heapKib + " " + threads;
    }

    static Streams parse(String line) {
        String[] numbers = line.split(" ", -1);
        return new Streams(
                Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Integer.parseInt(numbers[2]));
    }
}
