package io.mamba.shop.orders;

import io.mamba.shop.Problem;
import io.mamba.shop.catalogue.Catalogue;
import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code POST /orders} and {@code GET /orders/{id}}. */
@Path("orders")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class OrdersResource {

    @Inject
    private OrderDesk desk;

    @Inject
    private Catalogue catalogue;

    @POST
    @Consumes(MediaType.WILDCARD)
    public Response submit(String body) {
        OrderRequest order = OrderRequest.read(body, catalogue::has);
        desk.submit(order);
        return Response.accepted(JsonText.object()
                        .add("orderId", order.orderId())
                        .build()
                        .toString())
                .build();
    }

    @GET
    @Path("{id}")
    public String find(@PathParam("id") String id) {
        return desk.find(id)
                .orElseThrow(() -> Problem.notFound("There is no order " + id + " yet"))
                .toString();
    }
}
