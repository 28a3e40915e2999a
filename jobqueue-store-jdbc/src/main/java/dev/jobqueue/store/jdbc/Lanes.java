package dev.jobqueue.store.jdbc;

import dev.jobqueue.job.Job;
import dev.jobqueue.job.JobInfo;
import dev.jobqueue.store.ClaimRequest;
import dev.jobqueue.store.ClaimSlot;
import dev.jobqueue.store.Suspects;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What claims read: the waiting jobs of one kind, suspects or not, are a lane, in which they stand in the order of claims. */
final class Lanes {
    private final Kinds kinds;

    Lanes(Kinds kinds) {
        this.kinds = kinds;
    }

    /**
     * A lane, as a slot asks for it.
     *
     * @param slot its place in the request, from 1
     */
    record Lane(int slot, int kind, boolean suspect) {
        /** The same jobs, whatever the slot. */
        Lane jobs() {
            return new Lane(0, kind, suspect);
        }
    }

    /** The kinds that a claim asks for, whether there is such a job or not. */
    static Set<Kinds.Kind> kinds(ClaimRequest request) {
        Set<Kinds.Kind> asked = new LinkedHashSet<>();
        for (ClaimSlot slot : request.slots()) {
            slot.types().forEach(type -> asked.add(new Kinds.Kind(slot.queue(), type)));
        }
        return asked;
    }

    /** The lanes of these slots; each kind has its number. */
    List<Lane> of(List<ClaimSlot> slots) {
        List<Lane> lanes = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            ClaimSlot slot = slots.get(i);
            for (String type : slot.types()) {
                int kind = kinds.number(new Kinds.Kind(slot.queue(), type));
                if (slot.suspects() != Suspects.ONLY) {
                    lanes.add(new Lane(i + 1, kind, false));
                }
                if (slot.suspects() != Suspects.NONE) {
                    lanes.add(new Lane(i + 1, kind, true));
                }
            }
        }
        return lanes;
    }

    /** Slot by slot, and in each the order of claims. */
    static Comparator<Job> bestFirst(List<ClaimSlot> slots) {
        return Comparator.<Job>comparingInt(job -> slotOf(job.info(), slots))
                .thenComparingInt(job -> job.info().priority())
                .thenComparing(job -> job.info().runAt())
                .thenComparing(Job::id);
    }

    private static int slotOf(JobInfo job, List<ClaimSlot> slots) {
        for (int i = 0; i < slots.size(); i++) {
            ClaimSlot slot = slots.get(i);
            boolean suspects = slot.suspects() == Suspects.ANY || job.suspect() == (slot.suspects() == Suspects.ONLY);
            if (suspects && slot.queue().equals(job.queue()) && slot.types().contains(job.type())) {
                return i;
            }
        }
        return slots.size();
    }
}
