package dev.fairlead.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.reactivestreams.Publisher;

/** The rules, for a tree of packages of the house's shape below a base package. */
final class Architecture {

    /** Who may subscribe, and why; everyone else composes and leaves that to the user. */
    static final Map<String, String> SUBSCRIBERS = Map.ofEntries(
            Map.entry("internal.transport.AnswerFlux", "is an operator: its source is subscribed to when it is"),
            Map.entry("internal.EagerBuffer", "is an operator: its source is subscribed to when it is"),
            Map.entry("SignalBuffer", "is an operator: its source is subscribed to when it is"),
            Map.entry("internal.LineFlux", "is an operator: its source is subscribed to when it is"),
            Map.entry("internal.Snapshots", "is an operator: its source is subscribed to when it is"),
            Map.entry("internal.transport.Closing", "is an operator: its source is subscribed to when it is"),
            Map.entry(
                    "internal.transport.ConnectionPool", "opens a connection that outlives the call that asked for it"),
            Map.entry(
                    "internal.transport.EngineConnection",
                    "is a channel's handler: its exchange waits for what the channel's end means"),
            Map.entry("internal.transport.LiveExchange", "is the subscription: it ties the connection's life to it"),
            Map.entry("internal.transport.OutboundWriter", "is the subscriber of a request's body"),
            Map.entry("internal.transport.SshDialer", "opens a login that outlives the call that asked for it"));

    /** Who, besides {@code internal}, knows the transport: those that set it up, or stand around all that goes through it. */
    private static final Set<String> ASSEMBLERS =
            Set.of("DockerClient", "DockerConfig", "EngineAccess", "Filters", "FilteredExchange", "FilteredAnswer");

    private static final Set<String> BLOCKING =
            Set.of("block", "blockOptional", "blockFirst", "blockLast", "toIterable", "toStream");

    private final String base;

    Architecture(String base) {
        this.base = base;
    }

    ArchRule modelStandsOnTheJdkAlone() {
        return classes()
                .that()
                .resideInAPackage(base + ".model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "com.fasterxml.jackson.annotation..", "org.jspecify..", base + ".model..");
    }

    ArchRule modelHasValuesOnly() {
        return classes()
                .that()
                .resideInAPackage(base + ".model..")
                .should()
                .beInterfaces()
                .orShould()
                .beEnums()
                .orShould()
                .haveModifier(JavaModifier.FINAL);
    }

    /** Neither Reactor nor Netty nor the client. */
    ArchRule coreStandsOnModelAndJson() {
        return classes()
                .that()
                .resideInAPackage(base + ".core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.apache.commons.compress..",
                        "org.slf4j..",
                        "org.jspecify..",
                        base + ".model..",
                        base + ".core..");
    }

    /** A transport is bytes: what they mean is known above it. */
    ArchRule transportKnowsNoGroupAndNoValue() {
        return noClasses()
                .that()
                .resideInAPackage(base + ".internal.transport..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(base, base + ".internal", base + ".model..");
    }

    /** Operations go through {@code Http}. */
    ArchRule groupsDoNotTouchTheTransport() {
        return noClasses()
                .that()
                .resideInAPackage(base)
                .and(describe("don't set it up", type -> !ASSEMBLERS.contains(relative(outermost(type)))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(base + ".internal.transport..");
    }

    ArchRule signaturesShowNoNettyStreamOrTree() {
        DescribedPredicate<JavaClass> exported = describe("are exported", type -> isExported(type));
        return classes().that(exported).should(new ArchCondition<>("show no Netty, InputStream or JSON tree") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaType above = type.getSuperclass().orElse(type);
                report(type, type.getFullName(), above.getAllInvolvedRawTypes(), events);
                type.getInterfaces()
                        .forEach(face -> report(type, type.getFullName(), face.getAllInvolvedRawTypes(), events));
                for (JavaMember member : type.getMembers()) {
                    if (member.getModifiers().contains(JavaModifier.PUBLIC)
                            || member.getModifiers().contains(JavaModifier.PROTECTED)) {
                        Set<JavaClass> involved = new HashSet<>(member.getAllInvolvedRawTypes());
                        if (member instanceof JavaCodeUnit unit) {
                            involved.addAll(unit.getExceptionTypes());
                        }
                        report(type, member.getFullName(), involved, events);
                    }
                }
            }
        });
    }

    ArchRule nothingBlocks() {
        return noClasses()
                .should()
                .accessTargetWhere(describe(
                        "it blocks the caller",
                        access -> (isOn(Publisher.class, access) && BLOCKING.contains(access.getName()))
                                || (isOn(Thread.class, access)
                                        && access.getName().equals("sleep"))));
    }

    ArchRule onlyTheNamedSubscribe() {
        return noClasses()
                .that(describe("aren't named", type -> !SUBSCRIBERS.containsKey(relative(outermost(type)))))
                .should()
                .accessTargetWhere(describe("it subscribes", Architecture::subscribes));
    }

    ArchRule nothingPrints() {
        return GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
    }

    /** The model is read through Jackson's plain annotations, which a user's mapper of any version knows. */
    ArchRule databindAnnotationsStayInCoreJson() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(base + ".core.json..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson.databind.annotation..", "com.fasterxml.jackson.databind..");
    }

    static boolean subscribes(JavaAccess<?> access) {
        return isOn(Publisher.class, access) && access.getName().equals("subscribe");
    }

    private boolean isExported(JavaClass type) {
        String name = type.getPackageName();
        boolean inside = name.startsWith(base + ".internal")
                || Set.of(".core.auth", ".core.http", ".core.json", ".core.transfer", ".core.wire")
                        .contains(name.substring(base.length()));
        for (JavaClass part = type;
                part != null;
                part = part.getEnclosingClass().orElse(null)) {
            inside |= !part.getModifiers().contains(JavaModifier.PUBLIC);
        }
        return !inside;
    }

    private static void report(JavaClass type, String where, Set<JavaClass> involved, ConditionEvents events) {
        for (JavaClass shown : involved) {
            if (shown.getPackageName().startsWith("io.netty")
                    || shown.getPackageName().startsWith("tools.jackson")
                    || shown.isAssignableTo(InputStream.class)) {
                events.add(SimpleConditionEvent.violated(type, where + " shows " + shown.getName()));
            }
        }
    }

    private static boolean isOn(Class<?> owner, JavaAccess<?> access) {
        return access.getTargetOwner().isAssignableTo(owner);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(Architecture::outermost).orElse(type);
    }

    private String relative(JavaClass type) {
        return type.getName().substring(base.length() + 1);
    }
}
