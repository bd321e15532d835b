package dev.fairlead.benchmarks;

/**
 * One run.
 *
 * @param rate units a second
 * @param cpuMicros processor time of the client's process a unit, in microseconds
 * @param allocatedKib what its threads allocated a unit, in KiB
 */
record Measurement(double rate, double cpuMicros, double allocatedKib) {

    String toLine() {
        return rate + " " + cpuMicros + " " + allocatedKib;
    }

    static Measurement parse(String line) {
        String[] numbers = line.split(" ", -1);
        return new Measurement(
                Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }
}
