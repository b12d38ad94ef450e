package io.mamba.ra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The boundaries that the packages' comments speak of. */
@AnalyzeClasses(packages = "io.mamba.ra", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule standsOnTheClientAndOnNothingBelow = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.mamba.node..",
                    "io.mamba.log..",
                    "io.mamba.queue..",
                    "io.mamba.transaction..",
                    "io.mamba.admin..");

    @ArchTest
    static final ArchRule inboundKnowsNothingOfOutbound = noClasses()
            .that()
            .resideInAPackage("..inbound")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..outbound");

    @ArchTest
    static final ArchRule outboundKnowsNothingOfInbound = noClasses()
            .that()
            .resideInAPackage("..outbound")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..inbound");

    @ArchTest
    static final ArchRule noApiOfOneServer = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.sun..", "org.glassfish..", "fish.payara..", "org.jboss..", "com.ibm..");
}
