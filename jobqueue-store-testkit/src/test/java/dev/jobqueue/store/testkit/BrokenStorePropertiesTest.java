package dev.jobqueue.store.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the properties on some broken stores: those that break the rules, whatever the order of calls. */
class BrokenStorePropertiesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOSES_A_WRITE",
                "OVERWRITES_A_JOB_OF_THE_SAME_ID",
                "FORGETS_ATTRIBUTES",
                "IGNORES_THE_STATUS",
                "UNDOES_AMENDMENTS_BY_WRITING_WHOLE_ROWS",
                "LOSES_THE_PAYLOAD_WITH_A_CHANGE",
                "REMOVES_NOTHING",
                "DOES_NOT_COUNT_ATTEMPTS",
                "CLAIMS_WHAT_IS_NOT_DUE",
                "CLAIMS_OTHER_TYPES",
                "NEVER_SAYS_WHEN_THE_NEXT_IS_DUE",
                "LETS_A_NODE_CLAIM_THAT_HAS_ENDED",
                "LETS_ANYBODY_IN",
                "FINDS_NO_ORPHANS",
                "TAKES_EVERY_RUNNING_JOB_FOR_AN_ORPHAN"
            })
    void doesNotDoWhatTheModelDoes(String fault) {
        assertTrue(fails("doesWhatTheModelDoes", fault));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IGNORES_THE_ATTEMPT",
                "IGNORES_THE_STATUS",
                "DOES_NOT_COUNT_ATTEMPTS",
                "CLAIMS_WITHOUT_WRITING_IT_DOWN",
                "CLAIMS_A_JOB_TWICE_AT_ONCE",
                "APPLIES_A_CHANGE_TWICE_AT_ONCE"
            })
    void leadsAJobAstray(String fault) {
        assertTrue(fails("leadsEachJobAlongOnePath", fault));
    }

    private static boolean fails(String property, String fault) {
        PropertiesOfABrokenStore.broken = BrokenStore.named(fault);
        return EngineTestKit.engine("jqwik")
                        .selectors(selectMethod(PropertiesOfABrokenStore.class, property, "java.util.List"))
                        .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                        .configurationParameter("jqwik.database", "target/jqwik-database")
                        .configurationParameter("jqwik.shrinking.default", "OFF")
                        .configurationParameter("jqwik.failures.after.default", "RANDOM_SEED")
                        .execute()
                        .testEvents()
                        .failed()
                        .count()
                == 1;
    }
}
