package dev.jobqueue.benchmarks;

import dev.jobqueue.JobQueue;
import dev.jobqueue.event.RecoveryReport;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;

/** Builds a queue over the file it is told, and prints what that took. */
final class RecoveryProgram {
    static final int CAPACITY = 100;

    private RecoveryProgram() {}

    public static void main(String[] arguments) {
        Path file = Path.of(arguments[0]);
        long began = System.nanoTime();
        try (JobQueue queue = JobQueue.builder()
                .store(() -> SqliteJobStore.open(file))
                .handler(Abandoned.TYPE, job -> {})
                .deliveryCapacity(CAPACITY)
                .build()) {
            long took = System.nanoTime() - began;
            RecoveryReport report = queue.recovery();
            System.out.println("took_us=" + took / 1_000);
            System.out.println("heap_kib=" + peakHeap() / 1_024);
            System.out.println("recovered=" + report.recovered());
            System.out.println("deferred=" + report.deferred());
        }
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
