package io.mamba.shop.tests;

import io.mamba.shop.tests.lookups.ConnectorDefinitionsPage;
import io.mamba.shop.tests.lookups.InitialContextPage;
import io.mamba.shop.tests.lookups.InjectedContextPage;
import io.mamba.shop.tests.lookups.InjectedResourcePage;
import io.mamba.shop.tests.lookups.ListenerBean;
import io.mamba.shop.tests.lookups.ListenerPage;
import io.mamba.shop.tests.lookups.MessagingDefinitionsPage;
import java.util.stream.Stream;

/** Look-ups on Payara Server. */
class PayaraLookupServerIT extends LookupScenario {

    @Override
    FullServer fresh() throws Exception {
        return PayaraServer.fresh();
    }

    @Override
    Stream<LookupApplication> applications() {
        return Stream.of(
                LookupApplication.of(InjectedResourcePage.class),
                LookupApplication.of(InitialContextPage.class),
                LookupApplication.of(InjectedContextPage.class),
                LookupApplication.of(ListenerPage.class, ListenerBean.class),
                LookupApplication.of(ConnectorDefinitionsPage.class),
                LookupApplication.of(MessagingDefinitionsPage.class));
    }
}
