package io.mamba.shop.tests;

/** shop.ear on WildFly. */
class WildFlyServerIT extends FullServerScenario {

    @Override
    FullServer fresh() throws Exception {
        return WildFlyServer.fresh();
    }
}
