package io.mamba.shop.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoverableDataSourceTest {

    private final RecoverableDataSource database = new RecoverableDataSource();
    private String url = "";

    @BeforeEach
    void createTable(@TempDir Path directory) throws SQLException {
        url = "jdbc:h2:file:" + directory.resolve("test") + ";WRITE_DELAY=0";
        database.setUrl(url);
        database.setUser("shop");
        database.setPassword("shop");
        sql("create table item(id int primary key, stock int)");
        sql("insert into item values (1, 10), (2, 10), (3, 10)");
    }

    @Test
    void finishesEveryBranchThatACrashLeftPrepared() throws Exception {
        List<XAConnection> open = new ArrayList<>();
        for (int item = 1; item <= 3; item++) {
            open.add(prepared(branch(item), item));
        }
        crash();
        assertThat(open).hasSize(3);

        XAConnection connection = database.getXAConnection();
        XAResource resource = connection.getXAResource();
        assertThat(resource.recover(XAResource.TMSTARTRSCAN)).hasSize(3);
        resource.rollback(branch(1));
        resource.commit(branch(2), false);
        resource.rollback(branch(3));

        assertThat(resource.recover(XAResource.TMSTARTRSCAN)).isEmpty();
        assertThat(stocks()).containsExactly(10, 0, 10);
        sql("update item set stock = stock + 1");
        assertThat(stocks()).containsExactly(11, 1, 11);
        connection.close();
    }

    @Test
    void worksOnAsUsualAfterARecovery() throws Exception {
        prepared(branch(1), 1);
        crash();
        XAConnection connection = database.getXAConnection();
        XAResource resource = connection.getXAResource();
        resource.recover(XAResource.TMSTARTRSCAN);
        resource.rollback(branch(1));

        resource.start(branch(4), XAResource.TMNOFLAGS);
        take(connection, 2);
        resource.end(branch(4), XAResource.TMSUCCESS);
        resource.rollback(branch(4));
        resource.start(branch(5), XAResource.TMNOFLAGS);
        take(connection, 3);
        resource.end(branch(5), XAResource.TMSUCCESS);
        resource.commit(branch(5), true);

        assertThat(stocks()).containsExactly(10, 10, 0);
        connection.close();
    }

    @Test
    void doesNotKnowABranchThatIsFinished() throws Exception {
        XAConnection connection = database.getXAConnection();

        assertThatExceptionOfType(XAException.class)
                .isThrownBy(() -> connection.getXAResource().rollback(branch(9)))
                .satisfies(failure -> assertThat(failure.errorCode).isEqualTo(XAException.XAER_NOTA));
        connection.close();
    }

    private XAConnection prepared(Xid xid, int item) throws Exception {
        XAConnection connection = database.getXAConnection();
        XAResource resource = connection.getXAResource();
        resource.start(xid, XAResource.TMNOFLAGS);
        take(connection, item);
        resource.end(xid, XAResource.TMSUCCESS);
        resource.prepare(xid);
        return connection;
    }

    private static void take(XAConnection connection, int item) throws SQLException {
        try (Statement statement = connection.getConnection().createStatement()) {
            statement.execute("update item set stock = 0 where id = " + item);
        }
    }

    private void crash() throws SQLException {
        sql("shutdown immediately");
    }

    private void sql(String text) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "shop", "shop");
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private List<Integer> stocks() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "shop", "shop");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select stock from item order by id")) {
            List<Integer> stocks = new ArrayList<>();
            while (rows.next()) {
                stocks.add(rows.getInt(1));
            }
            return stocks;
        }
    }

    private static Branch branch(int number) {
        return new Branch(number);
    }

    private record Branch(int number) implements Xid {

        @Override
        public int getFormatId() {
            return 4711;
        }

        @Override
        public byte[] getGlobalTransactionId() {
            return ByteBuffer.allocate(4).putInt(number).array();
        }

        @Override
        public byte[] getBranchQualifier() {
            return new byte[] {1};
        }
    }
}
