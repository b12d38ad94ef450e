package io.mamba.shop.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootFilesTest {

    private final ShopOptions options = ShopOptions.in(Path.of("/opt/shop"), Path.of("/srv/shop"), 8080);

    @Test
    void deployTheAdapterBeforeThePoolsAndRecoverLast() {
        List<String> commands = BootFiles.postboot(options).stream()
                .map(command -> command.substring(0, command.indexOf(' ')))
                .toList();

        assertThat(commands)
                .containsExactly(
                        "create-resource-adapter-config",
                        "deploy",
                        "create-connector-connection-pool",
                        "create-connector-resource",
                        "create-jdbc-connection-pool",
                        "create-jdbc-resource",
                        "recover-transactions");
    }

    @Test
    void keepMessagesDatabaseAndTransactionLogInTheDataDirectory() {
        assertThat(BootFiles.postboot(options).get(0)).contains("url=mamba\\:file\\:/srv/shop/messages");
        assertThat(BootFiles.postboot(options).get(4))
                .contains("url=jdbc\\:h2\\:file\\:/srv/shop/database/shop;WRITE_DELAY\\=0");
        assertThat(BootFiles.preboot(options))
                .anyMatch(command -> command.endsWith("tx-log-dir=/srv/shop/transactions\""));
    }

    @Test
    void giveThePoolThePostgresqlThatIsNamed() {
        ShopOptions elsewhere =
                options.withDatabase(new ShopDatabase("jdbc:postgresql://127.0.0.1:5432/shop?user=ann&password=a%3Ab"));

        assertThat(BootFiles.postboot(elsewhere).get(4))
                .contains(" --datasourceclassname org.postgresql.xa.PGXADataSource ")
                .contains("\"password=a\\:b:url=jdbc\\:postgresql\\://127.0.0.1\\:5432/shop?user\\=ann&password\\=a%3Ab"
                        + ":user=ann\"")
                .doesNotContain("h2");
    }

    @Test
    void giveAnInstanceInAClusterItsOwnNameInMessagesAndTransactions() {
        ShopOptions second = options.withCluster(
                new ShopDatabase("jdbc:postgresql://127.0.0.1:5432/shop?user=ann&password=a"),
                ShopLog.inCluster("127.0.0.1:9092,127.0.0.1:9093", "shop-2"));

        assertThat(BootFiles.postboot(second).get(0))
                .contains("\"url=mamba\\:kafka\\://127.0.0.1\\:9092,127.0.0.1\\:9093?node\\=shop-2\"");
        assertThat(BootFiles.preboot(second)).anyMatch(command -> command.endsWith("xa-servername=shop-2"));
    }

    @Test
    void nameADirectoryWithASpace() {
        ShopOptions spaced = ShopOptions.in(Path.of("/opt/my shop"), Path.of("/srv/my data"), 8080);

        assertThat(BootFiles.postboot(spaced).get(0)).contains("\"url=mamba\\:file\\:/srv/my%20data/messages\"");
        assertThat(BootFiles.postboot(spaced).get(1)).contains("\"/opt/my shop/mamba.rar\"");
    }

    @Test
    void holdAutomaticRecoveryBackAndNameTheServerAlwaysTheSame() {
        assertThat(BootFiles.preboot(options))
                .anyMatch(command -> command.endsWith("automatic-recovery=true"))
                .anyMatch(command -> command.endsWith("recover-txn-delay=3600"))
                .anyMatch(command -> command.endsWith("xa-servername=mamba-shop"));
    }
}
