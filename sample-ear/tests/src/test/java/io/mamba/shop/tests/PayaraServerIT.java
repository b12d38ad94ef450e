package io.mamba.shop.tests;

/** shop.ear on Payara Server. */
class PayaraServerIT extends FullServerScenario {

    @Override
    FullServer fresh() throws Exception {
        return PayaraServer.fresh();
    }
}
