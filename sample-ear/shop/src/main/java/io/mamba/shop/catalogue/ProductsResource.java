package io.mamba.shop.catalogue;

import io.mamba.shop.Problem;
import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /products} and {@code GET /products/{sku}}. */
@Path("products")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ProductsResource {

    @Inject
    private Catalogue catalogue;

    @GET
    public String all() {
        JsonArrayBuilder products = JsonText.array();
        catalogue.all().forEach(product -> products.add(show(product)));
        return products.build().toString();
    }

    @GET
    @Path("{sku}")
    public String one(@PathParam("sku") String sku) {
        return catalogue
                .find(sku)
                .map(ProductsResource::show)
                .orElseThrow(() -> Problem.notFound("There is no product with sku " + sku))
                .toString();
    }

    private static JsonObject show(Product product) {
        return JsonText.object()
                .add("sku", product.sku())
                .add("name", product.name())
                .add("price", product.price())
                .add("stock", product.stock())
                .add("reorderLevel", product.reorderLevel())
                .build();
    }
}
