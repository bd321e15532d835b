package dev.fairlead.model;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens of a JSON text that has been read into maps and lists. Strict: every value has to be read, and to its end. */
final class PlainTokens implements JsonTokens {
    private static final Object READ = new Object();

    private final Deque<Iterator<?>> open = new ArrayDeque<>();
    private @Nullable Object value;

    PlainTokens(@Nullable Object value) {
        this.value = value;
    }

    /** That there is nothing left. */
    void end() {
        if (value != READ || !open.isEmpty()) {
            throw new IllegalStateException("not read: " + value);
        }
    }

    private @Nullable Object take() {
        Object taken = value;
        if (taken == READ) {
            throw new IllegalStateException("no value to read");
        }
        value = READ;
        return taken;
    }

    private boolean enter(@Nullable Iterator<?> inner) {
        if (inner != null) {
            open.push(inner);
        }
        return inner != null;
    }

    @Override
    public boolean object() {
        Map<?, ?> object = (Map<?, ?>) take();
        return enter(object == null ? null : object.entrySet().iterator());
    }

    @Override
    public boolean array() {
        List<?> array = (List<?>) take();
        return enter(array == null ? null : array.iterator());
    }

    private @Nullable Object next() {
        if (value != READ) {
            throw new IllegalStateException("not read: " + value);
        }
        Iterator<?> inner = open.element();
        if (inner.hasNext()) {
            return inner.next();
        }
        open.remove();
        return READ;
    }

    @Override
    public @Nullable String nextMember() {
        if (next() instanceof Map.Entry<?, ?> member) {
            value = member.getValue();
            return (String) member.getKey();
        }
        return null;
    }

    @Override
    public boolean nextElement() {
        value = next();
        return value != READ;
    }

    @Override
    public @Nullable String string() {
        return (String) take();
    }

    @Override
    public @Nullable Boolean bool() {
        return (Boolean) take();
    }

    @Override
    public @Nullable Integer int32() {
        return (Integer) take();
    }

    @Override
    public @Nullable Long int64() {
        Number number = (Number) take();
        return number == null ? null : Long.valueOf(number.longValue());
    }

    @Override
    public @Nullable BigInteger integer() {
        Number number = (Number) take();
        return number == null ? null : new BigInteger(number.toString());
    }

    @Override
    public @Nullable Double float64() {
        Number number = (Number) take();
        return number == null ? null : Double.valueOf(number.doubleValue());
    }

    @Override
    public byte @Nullable [] bytes() {
        String text = string();
        return text == null ? null : Base64.getDecoder().decode(text);
    }

    @Override
    public @Nullable Object any() {
        return take();
    }

    @Override
    public void skip() {
        Object unused = take();
    }
}
