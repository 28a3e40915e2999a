package dev.jobqueue.examples.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
    @Test
    void haveDefaults() {
        assertEquals(new ServerSettings(8080, 10, 100), ServerSettings.from(Map.of()));
    }

    @Test
    void areWhatTheEnvironmentSays() {
        Map<String, String> environment = Map.of("PORT", "0", "WORKER_COUNT", "3", "JOB_QUEUE_CAPACITY", "7");
        assertEquals(new ServerSettings(0, 3, 7), ServerSettings.from(environment));
    }

    @Test
    void nameEveryFaultWithItsValueAndWhatIsAllowed() {
        // given
        Map<String, String> environment = Map.of("PORT", "65536", "WORKER_COUNT", "many", "JOB_QUEUE_CAPACITY", "");
        // when
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ServerSettings.from(environment));
        // then
        assertEquals(
                "PORT must be a whole number, 0 to 65535, but was \"65536\"; "
                        + "WORKER_COUNT must be a whole number, 1 to 10000, but was \"many\"; "
                        + "JOB_QUEUE_CAPACITY must be a whole number, 1 to 100000, but was \"\"",
                refused.getMessage());
    }
}
