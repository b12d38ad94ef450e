package io.mamba.shop.catalogue;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The products on sale. At the first start it fills the table from the data set; products never come or go later. */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Catalogue {

    private static final System.Logger LOG = System.getLogger(Catalogue.class.getName());

    @PersistenceContext
    private EntityManager database;

    private volatile Set<String> skus = Set.of();

    @PostConstruct
    void open() {
        List<FoodMart.Item> items = FoodMart.products();
        Long stored = database.createQuery("select count(p) from Product p", Long.class)
                .getSingleResult();
        if (stored == 0) {
            items.forEach(item -> database.persist(
                    new Product(item.sku(), item.name(), item.price(), OpeningStock.of(item.number()))));
        }
        skus = items.stream().map(FoodMart.Item::sku).collect(Collectors.toUnmodifiableSet());
        LOG.log(System.Logger.Level.INFO, "{0} products, {1} of them already stored", skus.size(), stored);
    }

    public boolean has(String sku) {
        return skus.contains(sku);
    }

    public List<Product> all() {
        return database.createQuery("select p from Product p order by p.sku", Product.class)
                .getResultList();
    }

    /** The stock of every product by its sku. */
    public Map<String, Long> stock() {
        List<Object[]> rows = database.createQuery("select p.sku, p.stock from Product p", Object[].class)
                .getResultList();
        return rows.stream().collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
    }

    public Optional<Product> find(String sku) {
        return Optional.ofNullable(database.find(Product.class, sku));
    }
}
