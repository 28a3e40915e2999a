package dev.jobqueue.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static String line(String event, String duty) {
        return "01:02:03.004 WARN dev.jobqueue - event=store_" + event + " duty=" + duty + " cause=it is away";
    }

    @Test
    void letsEachDutySayEachChange() {
        assertEquals(
                0,
                Conditions.repeated(List.of(
                        line("unavailable", "dispatch"),
                        line("unavailable", "heartbeat"),
                        "something else",
                        line("available", "dispatch"),
                        line("unavailable", "dispatch"))));
    }

    @Test
    void countsWhatWasSaidBefore() {
        assertEquals(
                3,
                Conditions.repeated(List.of(
                        line("unavailable", "dispatch"),
                        line("unavailable", "dispatch"),
                        line("unavailable", "dispatch"),
                        line("available", "dispatch"),
                        line("available", "dispatch"))));
    }
}
