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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LETS_ANYBODY_IN",
                "FORGETS_WHO_HAS_ENDED",
                "NEVER_TELLS_A_NODE_THAT_IT_ENDED",
                "LETS_A_LATE_LEAVE_END_THE_NEXT_NODE",
                "ADMITS_ONE_NODE_ALTHOUGH_IT_SAYS_MANY",
                "REPLACES_BLINDLY",
                "FORGETS_TO_SUPERSEDE",
                "SUPERSEDES_WHOEVER_IS_NAMED",
                "TAKES_A_NAME_FOR_FREE_WHEN_ITS_LEASE_HAS_RUN_OUT",
                "CLAIMS_FOR_WHO_HAS_ENDED",
                "LETS_AN_ENDED_INCARNATION_JOIN_AGAIN",
                "REVIVES_AN_ENDED_NODE_BY_ITS_LATE_HEARTBEAT",
                "LEAVES_ALTHOUGH_IT_HAS_ENDED_OTHERWISE",
                "JUDGES_ORPHANS_BY_THE_CLOCK",
                "HIDES_LEASES_THAT_HAVE_RUN_OUT",
                "TELLS_THE_OBSERVERS_LENGTH",
                "RENEWS_NO_LEASE_THAT_HAS_RUN_OUT",
                "DOES_NOT_RENEW_BY_A_REPEATED_JOIN",
                "NEVER_CUTS",
                "CUTS_TO_THE_LENGTH_OF_WHO_CUTS",
                "ENDS_A_LEASE_THAT_WAS_RENEWED",
                "ENDS_A_NAME_IN_PLACE_OF_AN_INCARNATION"
            })
    void admitsAndEndsOthersThanTheModel(String fault) {
        assertTrue(fails("admitsAndEndsNodesAsTheModelDoes", fault));
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
