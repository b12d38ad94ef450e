package io.mamba.shop.stock;

import io.mamba.shop.Problem;
import io.mamba.shop.catalogue.Catalogue;
import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code POST /stock/{sku}}. */
@Path("stock")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class StockResource {

    @Inject
    private StockDesk desk;

    @Inject
    private Catalogue catalogue;

    @POST
    @Path("{sku}")
    @Consumes(MediaType.WILDCARD)
    public Response change(@PathParam("sku") String sku, String body) {
        if (!catalogue.has(sku)) {
            throw Problem.notFound("There is no product with sku " + sku);
        }
        StockRequest request = StockRequest.read(sku, body);
        desk.submit(sku, request.toJson());
        return Response.accepted(JsonText.object().add("sku", sku).build().toString())
                .build();
    }
}
