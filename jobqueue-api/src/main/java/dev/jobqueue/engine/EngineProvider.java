package dev.jobqueue.engine;

/**
 * The way from the front door to the engine. Its types stand for those of package {@code dev.jobqueue}, which imports
 * this one and so can't be imported here.
 *
 * @param <B> the builder of a queue
 * @param <C> a client
 * @param <S> a store
 */
public interface EngineProvider<B, C, S> {
    /** A new builder of a queue. */
    B newBuilder();

    /** A client that only writes and reads a store, and joins nothing. */
    C clientOver(S store);
}
