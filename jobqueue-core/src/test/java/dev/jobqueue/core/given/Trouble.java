package dev.jobqueue.core.given;

import dev.jobqueue.store.OutcomeUnknownException;
import dev.jobqueue.store.StoreException;
import java.util.function.Supplier;

/** What a call to a store meets: it may be made or not, answered or not, and take its time. */
@FunctionalInterface
public interface Trouble {
    /** Makes the call, or not, and returns or throws. */
    void meet(Runnable call);

    /** The call is just made. */
    static Trouble none() {
        return Runnable::run;
    }

    /** The call is not made, and the store says so. */
    static Trouble refused() {
        return call -> {
            throw new StoreException("refused by the test");
        };
    }

    /** The call is made, and its answer lost. */
    static Trouble answerLost() {
        return call -> {
            call.run();
            throw new OutcomeUnknownException("made, and its answer lost by the test", null);
        };
    }

    /** The call is not made, and nobody can tell. */
    static Trouble lost() {
        return call -> {
            throw new OutcomeUnknownException("lost by the test", null);
        };
    }

    /** The call is not made, and this is thrown. */
    static Trouble thrown(Supplier<RuntimeException> what) {
        return call -> {
            throw what.get();
        };
    }

    /** The call is not made, and this error is thrown. */
    static Trouble error(Supplier<Error> what) {
        return call -> {
            throw what.get();
        };
    }

    /** This happens before the call is made. */
    static Trouble before(Runnable event) {
        return call -> {
            event.run();
            call.run();
        };
    }

    /** This happens when the call was made, before it is answered. */
    static Trouble after(Runnable event) {
        return call -> {
            call.run();
            event.run();
        };
    }
}
