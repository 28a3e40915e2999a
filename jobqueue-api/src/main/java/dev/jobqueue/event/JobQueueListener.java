package dev.jobqueue.event;

/**
 * Is told what happens in a queue. All listeners run in order on one thread, behind a bounded buffer: a slow one delays
 * no job, but what overflows is dropped and counted. What a listener throws is logged.
 */
@FunctionalInterface
public interface JobQueueListener {
    /** Something happened. Events of before {@code start()} come on the thread that builds the queue. */
    void onEvent(JobQueueEvent event);
}
