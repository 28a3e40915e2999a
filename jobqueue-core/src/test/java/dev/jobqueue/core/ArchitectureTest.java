package dev.jobqueue.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.jobqueue.JobQueue;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The map: which packages there are, and what each may use. */
class ArchitectureTest {
    /** Top to bottom: a package uses those below it. */
    private static final List<String> API = List.of(
            "dev.jobqueue",
            "dev.jobqueue.event",
            "dev.jobqueue.option",
            "dev.jobqueue.store",
            "dev.jobqueue.engine",
            "dev.jobqueue.job");

    /** Top to bottom: a package uses those below it, and the API. */
    private static final List<String> CORE = List.of(
            "dev.jobqueue.core",
            "dev.jobqueue.core.recovery",
            "dev.jobqueue.core.submission",
            "dev.jobqueue.core.dispatch",
            "dev.jobqueue.core.work",
            "dev.jobqueue.core.delivery",
            "dev.jobqueue.core.completion",
            "dev.jobqueue.core.membership",
            "dev.jobqueue.core.report",
            "dev.jobqueue.core.runtime");

    /** What reads a clock, waits, draws a number or starts a thread: the business of runtime alone. */
    private static final Map<String, Set<String>> WORLD = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
            Map.entry("java.lang.Thread", Set.of("<init>", "sleep", "onSpinWait", "startVirtualThread", "ofVirtual")),
            Map.entry("java.lang.Object", Set.of("wait")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.time.Instant", Set.of("now")),
            Map.entry("java.time.LocalDateTime", Set.of("now")),
            Map.entry("java.time.ZonedDateTime", Set.of("now")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system", "instant", "millis")),
            Map.entry("java.time.InstantSource", Set.of("instant", "millis")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Random", Set.of("<init>")),
            Map.entry("java.util.SplittableRandom", Set.of("<init>")),
            Map.entry("java.security.SecureRandom", Set.of("<init>")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos", "parkUntil")),
            Map.entry("java.util.concurrent.locks.ReentrantLock", Set.of("<init>")),
            Map.entry("java.util.Timer", Set.of("<init>")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importUrls(List.of(placeOf(JobQueue.class), placeOf(QueueBuilder.class)));

    private static URL placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void isFreeOfCycles() {
        slices().matching("(dev.jobqueue..)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void namesEveryPackageOfTheEngine() {
        noClasses()
                .that(resideInAPackage("dev.jobqueue.core.."))
                .should()
                .resideOutsideOfPackages(CORE.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void looksFromTheEngineDownTheList() {
        looksDown(CORE);
    }

    @Test
    void looksFromTheApiDownTheList() {
        looksDown(API);
    }

    private static void looksDown(List<String> layers) {
        for (int i = 1; i < layers.size(); i++) {
            noClasses()
                    .that()
                    .resideInAPackage(layers.get(i))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(layers.subList(0, i).toArray(String[]::new)))
                    .because(layers.get(i) + " lies below them")
                    .check(CLASSES);
        }
    }

    @Test
    void keepsTheApiFreeOfTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage(API.toArray(String[]::new))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.jobqueue.core.."))
                .check(CLASSES);
    }

    @Test
    void leavesTimeThreadsAndChanceToRuntime() {
        noClasses()
                .that()
                .resideInAPackage("dev.jobqueue.core..")
                .and()
                .resideOutsideOfPackage("dev.jobqueue.core.runtime")
                .should()
                .accessTargetWhere(describe("is the world's time, threads or chance", ArchitectureTest::isWorld))
                .check(CLASSES);
    }

    private static boolean isWorld(JavaAccess<?> access) {
        return WORLD.getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getTarget().getName());
    }

    @Test
    void readsTheWorldInOneFileOfRuntime() {
        noClasses()
                .that()
                .resideInAPackage("dev.jobqueue.core.runtime")
                .and()
                .haveNameNotMatching(".*\\.RealPlatform.*")
                .should()
                .accessTargetWhere(describe("is the world's time, threads or chance", ArchitectureTest::isWorld))
                .check(CLASSES);
    }

    @Test
    void hasNoStateThatIsShared() {
        fields().that()
                .areDeclaredInClassesThat(resideInAPackage("dev.jobqueue.."))
                .and()
                .areStatic()
                .should(holdNothingThatChanges())
                .check(CLASSES);
    }

    /** Final, and of a type that can't change; {@code $} marks what the compiler made. */
    private static ArchCondition<JavaField> holdNothingThatChanges() {
        Set<String> constant = Set.of(
                "int",
                "long",
                "double",
                "boolean",
                "java.lang.String",
                "java.lang.Class",
                "java.time.Duration",
                "java.time.Instant",
                "java.util.List",
                "java.util.Map",
                "java.util.Set",
                "java.util.regex.Pattern",
                "org.slf4j.Logger");
        return new ArchCondition<>("hold nothing that changes") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                JavaClass type = field.getRawType();
                boolean fixed = field.getModifiers().contains(JavaModifier.FINAL)
                        && (constant.contains(type.getName())
                                || type.isEnum()
                                || type.getPackageName().startsWith("dev.jobqueue"));
                boolean made = field.getModifiers().contains(JavaModifier.SYNTHETIC)
                        || field.getName().contains("$");
                if (!fixed && !made) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is of " + type.getName()));
                }
            }
        };
    }

    @Test
    void keepsNothingOnAHostsThreads() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .orShould()
                .callMethod(Runtime.class, "addShutdownHook", Thread.class)
                .check(CLASSES);
    }

    @Test
    void doesNotSerializeInJavasWay() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectOutputStream.class, ObjectInputStream.class)
                .check(CLASSES);
    }
}
