package dev.jobqueue.core.work;

import java.util.Map;
import java.util.Set;

/** The handlers by the names of types that they handle, old names included. Immutable. */
public final class Handlers {
    private final Map<String, Handler> byType;

    /** These. */
    public Handlers(Map<String, Handler> byType) {
        this.byType = Map.copyOf(byType);
    }

    /** All names of types that are handled. */
    public Set<String> types() {
        return byType.keySet();
    }

    /** The handler of a type that is handled. */
    Handler of(String type) {
        Handler handler = byType.get(type);
        if (handler == null) {
            throw new IllegalStateException("a job of type " + type + " was claimed, which was not asked for");
        }
        return handler;
    }
}
