package dev.jobqueue.store.memory;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;

/** Walks over several sources, each in order, as if they were one. Looks no further into them than it is walked. */
final class Merge<T> implements Iterator<T> {
    private final PriorityQueue<Source<T>> sources;

    private Merge(Comparator<T> order) {
        sources = new PriorityQueue<>((one, other) -> order.compare(one.head, other.head));
    }

    static <T> Iterator<T> of(List<Iterator<T>> sources, Comparator<T> order) {
        if (sources.size() == 1) {
            return sources.get(0);
        }
        Merge<T> merge = new Merge<>(order);
        for (Iterator<T> source : sources) {
            if (source.hasNext()) {
                merge.sources.add(new Source<>(source));
            }
        }
        return merge;
    }

    @Override
    public boolean hasNext() {
        return !sources.isEmpty();
    }

    @Override
    public T next() {
        Source<T> first = sources.remove();
        T head = first.head;
        if (first.rest.hasNext()) {
            first.head = first.rest.next();
            sources.add(first);
        }
        return head;
    }

    private static final class Source<T> {
        private final Iterator<T> rest;
        private T head;

        Source(Iterator<T> rest) {
            this.rest = rest;
            this.head = rest.next();
        }
    }
}
