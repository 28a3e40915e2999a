package dev.jobqueue.core.work;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a handler threw, as the text that the job keeps: with its stack trace, which the store cuts. */
final class ErrorText {
    private ErrorText() {}

    static String of(Throwable thrown) {
        try {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return text.toString();
        } catch (Throwable e) {
            // a host's exception may override anything, and do it wrongly; its job must get a result all the same
            return thrown.getClass().getName() + ", whose own text can't be had: "
                    + e.getClass().getName();
        }
    }
}
