package io.mamba.shop.audit;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Reads the books in one statement, which the database answers from one snapshot. */
@Stateless
public class Bookkeeper {

    private static final String ONE_SNAPSHOT = """
            select
              (select count(*) from shop_order where state = 'CREATED'),
              (select count(*) from shop_order where state = 'PAID'),
              (select count(*) from shop_order where state = 'SHIPPED'),
              (select count(*) from shop_order where state = 'REJECTED_STOCK'),
              (select coalesce(sum(l.quantity), 0) from order_line l join shop_order o on o.id = l.order_id
                where o.state in ('PAID', 'SHIPPED')),
              (select coalesce(sum(delta), 0) from stock_change where applied),
              (select coalesce(sum(initial_stock), 0) from product),
              (select coalesce(sum(stock), 0) from product),
              (select count(*) from product where stock < 0)
            """;

    @PersistenceContext
    private EntityManager database;

    public Books read() {
        Object[] row = (Object[]) database.createNativeQuery(ONE_SNAPSHOT).getSingleResult();
        return new Books(
                number(row[0]),
                number(row[1]),
                number(row[2]),
                number(row[3]),
                number(row[4]),
                number(row[5]),
                number(row[6]),
                number(row[7]),
                number(row[8]));
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
