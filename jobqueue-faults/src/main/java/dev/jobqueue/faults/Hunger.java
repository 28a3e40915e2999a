package dev.jobqueue.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Takes every connection that a pool has, as a host does that leaks them, until it is told to give them back. */
final class Hunger {
    private final DataSource pool;
    private final List<Connection> taken = new ArrayList<>();
    private boolean hungry;

    Hunger(DataSource pool) {
        this.pool = pool;
    }

    synchronized void begin() {
        hungry = true;
        Thread taker = new Thread(this::take, "hunger");
        taker.setDaemon(true);
        taker.start();
    }

    private void take() {
        boolean goesOn = true;
        while (goesOn) {
            Optional<Connection> next = next();
            synchronized (this) {
                next.ifPresent(taken::add);
                goesOn = hungry;
                if (!goesOn) {
                    giveBack();
                }
            }
        }
    }

    private Optional<Connection> next() {
        try {
            return Optional.of(pool.getConnection());
        } catch (SQLException e) {
            return Optional.empty(); // all are taken, by us and by others: wait for theirs
        }
    }

    synchronized void end() {
        hungry = false;
        giveBack();
    }

    private void giveBack() {
        for (Connection connection : taken) {
            try {
                connection.close();
            } catch (SQLException e) {
                // it was lost meanwhile: the pool makes another
            }
        }
        taken.clear();
    }
}
