package dev.jobqueue.store.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs the contract on each broken store, and sees which clauses catch it. */
class BrokenStoreTest {
    /** Subjects that need another setting: {@code LevelTest} and the engine's {@code AnomalyLoopTest} break them. */
    private static final Set<String> ELSEWHERE = Set.of("Scales", "Anomalies");

    static Stream<BrokenStore> stores() {
        return BrokenStore.all();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void isCaughtByTheClausesOfItsFault(BrokenStore store) {
        // when
        Set<String> failed = failedClauses(store);
        // then
        Set<String> missed = new TreeSet<>(store.caughtBy());
        missed.removeAll(failed);
        assertEquals(Set.of(), missed, () -> store + " was only caught by " + failed);
    }

    @Test
    void thereIsOneForEachClause() {
        // given
        Set<String> clauses = subjects()
                .filter(subject -> !ELSEWHERE.contains(subject.getSimpleName()))
                .flatMap(BrokenStoreTest::clausesOf)
                .collect(toCollection(TreeSet::new));
        // when
        Set<String> biting =
                BrokenStore.all().flatMap(store -> store.caughtBy().stream()).collect(toCollection(TreeSet::new));
        // then
        assertEquals(clauses, biting);
    }

    private static Stream<String> clausesOf(Class<?> subject) {
        return Arrays.stream(subject.getSuperclass().getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName)
                .map(method -> subject.getSimpleName() + "." + method);
    }

    private static Stream<Class<?>> subjects() {
        return Arrays.stream(JobStoreContract.class.getDeclaredClasses());
    }

    /** Runs only the subjects that must catch it: all of them would take minutes. */
    private static Set<String> failedClauses(BrokenStore store) {
        Set<String> asked = store.caughtBy().stream()
                .map(clause -> clause.substring(0, clause.indexOf('.')))
                .collect(toCollection(TreeSet::new));
        List<NestedClassSelector> selected = subjects()
                .filter(subject -> asked.contains(subject.getSimpleName()))
                .map(subject -> selectNestedClass(List.of(ContractOfABrokenStore.class), subject))
                .toList();
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selected.toArray(NestedClassSelector[]::new))
                .configurationParameter(ContractOfABrokenStore.STORE, store.name())
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(event -> clause(event.getTestDescriptor()))
                .collect(toCollection(TreeSet::new));
    }

    private static String clause(TestDescriptor test) {
        org.junit.platform.engine.support.descriptor.MethodSource source =
                (org.junit.platform.engine.support.descriptor.MethodSource)
                        test.getSource().orElseThrow();
        return source.getJavaClass().getSimpleName() + "." + source.getMethodName();
    }
}
