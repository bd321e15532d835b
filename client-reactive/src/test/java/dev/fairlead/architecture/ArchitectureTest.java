package dev.fairlead.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.fairlead.architecture.offending.Group;
import dev.fairlead.architecture.offending.Impatient;
import dev.fairlead.architecture.offending.Loud;
import dev.fairlead.architecture.offending.Revealing;
import dev.fairlead.architecture.offending.core.Reactive;
import dev.fairlead.architecture.offending.internal.transport.Knowing;
import dev.fairlead.architecture.offending.model.Impure;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fairlead");

    private static final String OFFENDING = "dev.fairlead.architecture.offending";

    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages(OFFENDING);

    /** A rule, and what its breach by a class made for that is reported as. */
    record Rule(String name, Function<Architecture, ArchRule> rule, Class<?> offender, List<String> breaches) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Rule> rules() {
        return Stream.of(
                new Rule(
                        "model: JDK",
                        Architecture::modelStandsOnTheJdkAlone,
                        Impure.class,
                        List.of("org.slf4j.Logger")),
                new Rule("model: values", Architecture::modelHasValuesOnly, Impure.class, List.of("Impure")),
                new Rule("core", Architecture::coreStandsOnModelAndJson, Reactive.class, List.of("Mono")),
                new Rule(
                        "transport",
                        Architecture::transportKnowsNoGroupAndNoValue,
                        Knowing.class,
                        List.of("Group", "Impure")),
                new Rule("groups", Architecture::groupsDoNotTouchTheTransport, Group.class, List.of("Knowing")),
                new Rule(
                        "signatures",
                        Architecture::signaturesShowNoNettyStreamOrTree,
                        Revealing.class,
                        List.of(
                                "generic() shows io.netty.buffer.ByteBuf",
                                "inherited() shows java.io.FileInputStream",
                                "thrown() shows io.netty.handler.codec.DecoderException",
                                "tree shows tools.jackson.databind.JsonNode")),
                new Rule(
                        "blocking",
                        Architecture::nothingBlocks,
                        Impatient.class,
                        List.of("Mono.block()", "blockFirst", "sleep")),
                new Rule("subscribing", Architecture::onlyTheNamedSubscribe, Impatient.class, List.of("subscribe()")),
                new Rule("printing", Architecture::nothingPrints, Loud.class, List.of("System.out", "printStackTrace")),
                new Rule(
                        "databind",
                        Architecture::databindAnnotationsStayInCoreJson,
                        Loud.class,
                        List.of("JsonDeserialize")));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holds(Rule rule) {
        rule.rule().apply(new Architecture("dev.fairlead")).check(OURS);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void bites(Rule rule) {
        String report = rule.rule()
                .apply(new Architecture(OFFENDING))
                .evaluate(OFFENDERS)
                .getFailureReport()
                .toString();
        assertThat(report).contains(rule.offender().getName()).contains(rule.breaches());
    }

    /** The named exceptions are used, or the list would allow what nobody needs. */
    @Test
    void theNamedSubscribersSubscribe() {
        for (String name : Architecture.SUBSCRIBERS.keySet()) {
            assertThat(OURS.stream()
                            .filter(type -> (type.getName() + "$").startsWith("dev.fairlead." + name + "$"))
                            .flatMap(type -> type.getAccessesFromSelf().stream())
                            .filter(Architecture::subscribes))
                    .as(name)
                    .isNotEmpty();
        }
    }
}
