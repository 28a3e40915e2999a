package dev.jobqueue.benchmarks;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** {@link MovedRows}, but submits that come while an insert is under way share the next one. */
final class SharedInserts extends MovedRows {
    private static final class Waiting {
        private boolean stored;
    }

    private final Lock turn = new ReentrantLock();
    private List<Waiting> waiting = new ArrayList<>();

    SharedInserts(Place place, Runnable handler) throws SQLException {
        super(place, handler);
    }

    @Override
    public void submit() throws SQLException {
        Waiting mine = new Waiting();
        synchronized (this) {
            waiting.add(mine);
        }
        turn.lock();
        try {
            if (!mine.stored) {
                List<Waiting> all = taken();
                submitAll(all.size());
                all.forEach(each -> each.stored = true);
            }
        } finally {
            turn.unlock();
        }
    }

    private synchronized List<Waiting> taken() {
        List<Waiting> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }
}
