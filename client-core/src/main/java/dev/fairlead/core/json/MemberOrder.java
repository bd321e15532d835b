package dev.fairlead.core.json;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;

/**
 * Which member came after which the last time, in values of one type. An Engine writes the members of a type in the same order each time,
 * and to compare with the name that is expected takes less time than to look up whichever comes. Thread-safe: two threads may unlearn
 * what the other has learned, which costs time and nothing else.
 */
final class MemberOrder {
    // All that are kept stay: the members of a type and of what it holds, and some of the names that users give, of
    // labels and the like. The id of a container is longer, and another each time.
    private static final int MOST = 256;
    private static final int LONGEST = 48;

    private static final ClassValue<MemberOrder> ORDERS = new ClassValue<>() {
        @Override
        protected MemberOrder computeValue(Class<?> type) {
            return new MemberOrder();
        }
    };

    /** What the member is that is none of those that are kept. */
    private static final Member ANOTHER = new Member("");

    private final ConcurrentMap<String, Member> members = new ConcurrentHashMap<>();
    private final Member start = new Member("");

    MemberOrder() {}

    /** The one for values of that type. */
    static MemberOrder of(Class<?> type) {
        return ORDERS.get(type);
    }

    /** A name, and what came after it. */
    static final class Member {
        private final String name;
        private final SerializableString expected;
        private @Nullable Member next;

        private Member(String name) {
            // As the names that readers compare with are.
            this.name = name.intern();
            this.expected = new SerializedString(name);
            // Before any other thread can see it.
            expected.asQuotedUTF8();
        }

        String name() {
            return name;
        }

        /** The name, for the parser to compare with. */
        SerializableString expected() {
            return expected;
        }

        /** What came after it the last time, or null. */
        @Nullable
        Member next() {
            return next;
        }
    }

    /** What there is before the first member. */
    Member start() {
        return start;
    }

    /** The member of that name, which came after this one. */
    Member after(Member last, String name) {
        Member member = members.get(name);
        if (member == null) {
            if (members.size() >= MOST || name.length() > LONGEST) {
                return ANOTHER;
            }
            member = members.computeIfAbsent(name, Member::new);
        }
        if (last != ANOTHER) {
            last.next = member;
        }
        return member;
    }
}
