package io.mamba.shop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.mamba.shop", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theShopKnowsOnlyTheStandard = noClasses()
            .that()
            .resideOutsideOfPackage(
                    "io.mamba.shop.database..") // joins Hibernate, which the shop brings along, to the server
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("io.mamba.shop..", "jakarta..", "java..", "javax.management..", "org.jspecify..")
            .because("any Jakarta EE server and any provider of Jakarta Messaging can run it");

    @ArchTest
    static final ArchRule itsPartsFormNoCircle =
            slices().matching("io.mamba.shop.(*)..").should().beFreeOfCycles();
}
