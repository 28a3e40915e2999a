package dev.jobqueue.examples.server;

/** The request is at fault; the reply says how. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Reply reply;

    RefusedException(int status, String reason) {
        this(Reply.refusal(status, reason));
    }

    RefusedException(Reply reply) {
        super(reply.body().toString());
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
