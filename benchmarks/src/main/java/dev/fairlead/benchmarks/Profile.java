package dev.fairlead.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** What flight recordings say of where the time went: by library, by method, and by the method of ours, with all that it calls. */
final class Profile {

    private static final int SHOWN = 25;
    private static final List<String> LIBRARIES = List.of(
            "dev.fairlead.model",
            "dev.fairlead.core",
            "dev.fairlead.benchmarks",
            "dev.fairlead",
            "reactor.netty",
            "reactor.core",
            "io.netty",
            "tools.jackson",
            "com.fasterxml",
            "com.github.dockerjava",
            "io.micrometer",
            "java",
            "jdk",
            "sun");

    private final Map<String, Integer> libraries = new HashMap<>();
    private final Map<String, Integer> methods = new HashMap<>();
    private final Map<String, Integer> ours = new HashMap<>();
    private int samples;

    private Profile() {}

    /** The files, as {@code recordings=} of the comparison leaves them. */
    public static void main(String[] files) throws IOException {
        Profile profile = new Profile();
        for (String file : files) {
            profile.read(Path.of(file));
        }
        System.out.println(profile.text());
    }

    private void read(Path file) throws IOException {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                String type = event.getEventType().getName();
                if (event.getStackTrace() != null && isWork(type, event)) {
                    add(event.getStackTrace().getFrames());
                }
            }
        }
    }

    /** Java code, and native code other than what waits. */
    private static boolean isWork(String type, RecordedEvent event) {
        if (type.equals("jdk.ExecutionSample")) {
            return true;
        }
        if (!type.equals("jdk.NativeMethodSample")) {
            return false;
        }
        String method = event.getStackTrace().getFrames().get(0).getMethod().getName();
        return !Stream.of("wait", "Wait", "accept", "park", "poll", "readBytes").anyMatch(method::contains);
    }

    private void add(List<RecordedFrame> frames) {
        samples++;
        count(libraries, library(frames.get(0).getMethod()));
        count(methods, name(frames.get(0).getMethod()));
        frames.stream()
                .map(RecordedFrame::getMethod)
                .filter(method -> method.getType().getName().startsWith("dev.fairlead"))
                .map(Profile::name)
                .distinct()
                .forEach(name -> count(ours, name));
    }

    private static String library(RecordedMethod method) {
        String type = method.getType().getName();
        return LIBRARIES.stream().filter(type::startsWith).findFirst().orElse("others");
    }

    private static String name(RecordedMethod method) {
        String type = method.getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + method.getName();
    }

    private static void count(Map<String, Integer> counts, String name) {
        counts.merge(name, 1, Integer::sum);
    }

    private String text() {
        return samples + " samples\n" + part("by library", libraries) + part("by method", methods)
                + part("by method of Fairlead's, with all that it calls", ours);
    }

    private String part(String title, Map<String, Integer> counts) {
        StringBuilder text = new StringBuilder("\n").append(title).append('\n');
        Function<Map.Entry<String, Integer>, Integer> number = Map.Entry::getValue;
        counts.entrySet().stream()
                .sorted(Comparator.comparing(number).reversed())
                .limit(SHOWN)
                .forEach(each ->
                        text.append("%5.1f %%  %s%n".formatted(100.0 * each.getValue() / samples, each.getKey())));
        return text.toString();
    }
}
