package dev.jobqueue.store.memory;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the order in which they were inserted into the store, whenever each came to this shelf.
 *
 * <p>Jobs that were inserted one after the other stand together on a board, so that most come and go without a search.
 */
final class Shelf {
    private static final int PLACES = 64;

    private final TreeMap<Long, Board> boards = new TreeMap<>();
    private @Nullable Board latest;

    void add(StoredJob job) {
        Board board = boardFor(job.sequence());
        board.places[(int) (job.sequence() % PLACES)] = job;
        board.jobs++;
    }

    void remove(StoredJob job) {
        Board board = boardFor(job.sequence());
        board.places[(int) (job.sequence() % PLACES)] = null;
        board.jobs--;
        if (board.jobs == 0) {
            boards.remove(board.number);
            latest = null;
        }
    }

    private Board boardFor(long sequence) {
        long number = sequence / PLACES;
        Board board = latest;
        if (board == null || board.number != number) {
            board = boards.computeIfAbsent(number, Board::new);
            latest = board;
        }
        return board;
    }

    boolean isEmpty() {
        return boards.isEmpty();
    }

    /** The jobs with a higher sequence than this, lowest first. The shelf must not change during the walk. */
    Iterator<StoredJob> after(long sequence) {
        return new Walk(sequence);
    }

    /** Shows all jobs, the latest insert first. The shelf must not change meanwhile. */
    void latestFirst(Consumer<StoredJob> viewer) {
        for (Board board : boards.descendingMap().values()) {
            for (int at = PLACES - 1; at >= 0; at--) {
                StoredJob job = board.places[at];
                if (job != null) {
                    viewer.accept(job);
                }
            }
        }
    }

    private static final class Board {
        private final long number;
        private final @Nullable StoredJob[] places = new StoredJob[PLACES];
        private int jobs;

        Board(long number) {
            this.number = number;
        }
    }

    private final class Walk implements Iterator<StoredJob> {
        private final Iterator<Board> rest;
        private @Nullable Board board;
        private int place;
        private @Nullable StoredJob next;

        Walk(long sequence) {
            long first = sequence + 1;
            rest = boards.tailMap(first / PLACES).values().iterator();
            board = rest.hasNext() ? rest.next() : null;
            place = board != null && board.number == first / PLACES ? (int) (first % PLACES) : 0;
            next = advance();
        }

        private @Nullable StoredJob advance() {
            while (board != null) {
                while (place < PLACES) {
                    StoredJob job = board.places[place++];
                    if (job != null) {
                        return job;
                    }
                }
                board = rest.hasNext() ? rest.next() : null;
                place = 0;
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public StoredJob next() {
            StoredJob job = next;
            if (job == null) {
                throw new NoSuchElementException();
            }
            next = advance();
            return job;
        }
    }
}
