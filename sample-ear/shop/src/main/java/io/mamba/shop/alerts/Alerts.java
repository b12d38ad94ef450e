package io.mamba.shop.alerts;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** The stored alerts, newest first. */
@Stateless
public class Alerts {

    @PersistenceContext
    private EntityManager database;

    public List<StockAlert> all() {
        return database.createQuery("select a from StockAlert a order by a.id desc", StockAlert.class)
                .getResultList();
    }

    public List<StockAlert> newest(int most) {
        return database.createQuery("select a from StockAlert a order by a.id desc", StockAlert.class)
                .setMaxResults(most)
                .getResultList();
    }
}
