package io.mamba.shop.tests;

import io.mamba.shop.tests.lookups.ConnectorDefinitionsOnWildFlyPage;
import io.mamba.shop.tests.lookups.DefaultFactoryPage;
import io.mamba.shop.tests.lookups.InitialContextPage;
import io.mamba.shop.tests.lookups.InjectedContextPage;
import io.mamba.shop.tests.lookups.InjectedResourceOnWildFlyPage;
import io.mamba.shop.tests.lookups.ListenerBean;
import io.mamba.shop.tests.lookups.ListenerPage;
import io.mamba.shop.tests.lookups.MessagingDefinitionsOnWildFlyPage;
import java.util.stream.Stream;

/** Look-ups on WildFly. */
class WildFlyLookupServerIT extends LookupScenario {

    @Override
    FullServer fresh() throws Exception {
        return WildFlyServer.fresh();
    }

    @Override
    Stream<LookupApplication> applications() {
        return Stream.of(
                LookupApplication.of(InjectedResourceOnWildFlyPage.class),
                LookupApplication.of(InitialContextPage.class),
                LookupApplication.of(DefaultFactoryPage.class),
                LookupApplication.of(InjectedContextPage.class),
                LookupApplication.of(ListenerPage.class, ListenerBean.class),
                LookupApplication.of(ConnectorDefinitionsOnWildFlyPage.class),
                LookupApplication.of(MessagingDefinitionsOnWildFlyPage.class));
    }
}
