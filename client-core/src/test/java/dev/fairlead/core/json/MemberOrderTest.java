package dev.fairlead.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.EventMessage;
import dev.fairlead.model.TokenReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MemberOrderTest {

    private final MemberOrder order = new MemberOrder();

    private MemberOrder.Member see(String... names) {
        MemberOrder.Member member = order.start();
        for (String name : names) {
            member = order.after(member, name);
        }
        return member;
    }

    /** The names that are expected one after the other. */
    private List<String> expected() {
        List<String> names = new ArrayList<>();
        for (MemberOrder.Member next = order.start().next(); next != null && names.size() < 10; next = next.next()) {
            names.add(next.name());
        }
        return names;
    }

    @Test
    void nothingIsExpectedAtFirst() {
        assertThat(expected()).isEmpty();
    }

    @Test
    void theLastOrderIsExpected() {
        see("a", "b", "c");
        assertThat(expected()).containsExactly("a", "b", "c");
        see("a", "c", "d");
        assertThat(expected()).containsExactly("a", "c", "d");
    }

    @Test
    void namesAreThoseThatReadersCompareWith() {
        see(new String("name".toCharArray()));
        assertThat(expected().get(0)).isSameAs("name");
    }

    @Test
    void longNamesAreNotKept() {
        see("a", "x".repeat(64), "b");
        assertThat(expected()).containsExactly("a");
    }

    @Test
    void norMoreThanSomeHundreds() {
        see(IntStream.range(0, 100_000).mapToObj(number -> "n" + number).toArray(String[]::new));
        int kept = 0;
        for (MemberOrder.Member next = order.start().next(); next != null; next = next.next()) {
            kept++;
        }
        assertThat(kept).isEqualTo(256);
        see("n3", "n1", "another");
        assertThat(order.start().next()).extracting(MemberOrder.Member::name).isEqualTo("n3");
    }

    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> members = Arbitraries.of(
                "\"Type\":\"container\"",
                "\"Ty\\u0070e\" : \"image\"",
                "\"Action\"\t:\"start\"",
                "\"Action\": \"stop\"",
                "\"scope\":\"local\"",
                "\"time\":1",
                "\"timeNano\":\"2\"",
                "\"Actor\":{\"ID\":\"x\"}",
                "\"Actor\":{\"Attributes\":{\"scope\":\"y\",\"Type\":\"z\"},\"ID\":\"x\"}",
                "\"another\":[1,{\"Type\":2}]",
                "\"Type",
                "\"Type\"",
                "\"Type\" 1",
                "\"Type\":");
        return members.list()
                .ofMaxSize(6)
                .map(list -> "{" + String.join(",", list) + "}")
                .list()
                .ofMinSize(2)
                .ofMaxSize(8);
    }

    /** Whatever came before, and whatever comes instead. */
    @Property
    void expectingAnOrderChangesNoValue(@ForAll("texts") List<String> texts) {
        TokenReader<EventMessage> reader = Objects.requireNonNull(TokenReader.of(EventMessage.class));
        for (String text : texts) {
            byte[] bytes = text.getBytes(UTF_8);
            assertThat(outcome(order, bytes, reader)).isEqualTo(outcome(new MemberOrder(), bytes, reader));
        }
    }

    private static Object outcome(MemberOrder order, byte[] bytes, TokenReader<EventMessage> reader) {
        try {
            return String.valueOf(JacksonTokens.read(order, bytes, 0, bytes.length, reader));
        } catch (RuntimeException refused) {
            return refused.getClass();
        }
    }
}
