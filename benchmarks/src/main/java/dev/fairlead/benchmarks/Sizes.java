package dev.fairlead.benchmarks;

/**
 * How much is done at a time.
 *
 * @param mebibytes how long long streams are
 * @param divisor what the numbers of calls, messages, containers and open streams are divided by; 1 but in tests
 */
record Sizes(int mebibytes, int divisor) {

    /** The echo is a quarter of the other streams. */
    int echoMebibytes() {
        return Math.max(1, mebibytes / 4);
    }

    /** So many, or fewer in tests. */
    int of(int number) {
        return Math.max(1, number / divisor);
    }
}
