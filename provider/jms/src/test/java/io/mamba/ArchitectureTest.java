package io.mamba;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

/** The boundaries between packages: arrows point down only, the state machines are pure, APIs stay at their edge. */
@AnalyzeClasses(
        packages = "io.mamba",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** Once they are packaged, the tests of other modules are jars. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule arrowsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("jndi")
            .definedBy("io.mamba.jndi..")
            .layer("jms")
            .definedBy("io.mamba.jms")
            .layer("jms.message")
            .definedBy("io.mamba.jms.message..")
            .layer("jms.error")
            .definedBy("io.mamba.jms.error..")
            .layer("admin")
            .definedBy("io.mamba.admin..")
            .layer("client")
            .definedBy("io.mamba.client..")
            .layer("access")
            .definedBy("io.mamba.access..")
            .layer("node")
            .definedBy("io.mamba.node..")
            .layer("queue")
            .definedBy("io.mamba.queue..")
            .layer("transaction")
            .definedBy("io.mamba.transaction..")
            .layer("selector")
            .definedBy("io.mamba.selector..")
            .layer("message")
            .definedBy("io.mamba.message..")
            .layer("log")
            .definedBy("io.mamba.log")
            .layer("engines")
            .definedBy("io.mamba.log.file..", "io.mamba.log.kafka..")
            .layer("thread")
            .definedBy("io.mamba.thread..")
            .whereLayer("jndi")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("jms")
            .mayOnlyBeAccessedByLayers("jndi")
            .whereLayer("jms.message")
            .mayOnlyBeAccessedByLayers("jms")
            .whereLayer("jms.error")
            .mayOnlyBeAccessedByLayers("jms", "jms.message")
            .whereLayer("admin")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("client")
            .mayOnlyBeAccessedByLayers("jms", "admin")
            .whereLayer("node")
            .mayOnlyBeAccessedByLayers("client", "admin")
            .whereLayer("access")
            .mayOnlyBeAccessedByLayers("node", "client", "admin", "jms")
            .whereLayer("queue")
            .mayOnlyBeAccessedByLayers("node", "client")
            .whereLayer("transaction")
            .mayOnlyBeAccessedByLayers("node", "client", "admin")
            .whereLayer("selector")
            .mayOnlyBeAccessedByLayers("queue", "node", "client", "jms", "admin")
            .whereLayer("message")
            .mayOnlyBeAccessedByLayers(
                    "queue", "transaction", "selector", "node", "client", "access", "admin", "jms.message", "jms")
            .whereLayer("log")
            .mayOnlyBeAccessedByLayers("engines", "message", "queue", "transaction", "node", "client")
            .whereLayer("engines")
            .mayOnlyBeAccessedByLayers("node")
            .whereLayer("thread")
            .mayOnlyBeAccessedByLayers("engines", "node", "client");

    @ArchTest
    static final ArchRule onlyTheJmsLayerKnowsJakarta = noClasses()
            .that()
            .resideOutsideOfPackages("io.mamba.jms..", "io.mamba.jndi..", "io.mamba.ra..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");

    /** Besides what starts brokers for tests. */
    @ArchTest
    static final ArchRule onlyTheKafkaEngineKnowsKafka = noClasses()
            .that()
            .resideOutsideOfPackages("io.mamba.log.kafka..", "io.mamba.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule stateMachinesArePure = noClasses()
            .that()
            .resideInAnyPackage("io.mamba.queue..", "io.mamba.transaction..", "io.mamba.selector..")
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.concurrent..")
                    .or(resideInAPackage("java.io.."))
                    .or(resideInAPackage("java.nio.channels.."))
                    .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(System.Logger.class))
                    .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(Clock.class)))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .allowEmptyShould(true);
}
