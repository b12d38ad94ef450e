package io.mamba.shop.payments;

import io.mamba.shop.messages.JsonText;
import io.mamba.shop.orders.OrderRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** {@code POST /orders/{id}/payment}: anyone may pay, early too. */
@Path("orders/{id}/payment")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class PaymentsResource {

    @Inject
    private PaymentDesk desk;

    @POST
    @Consumes(MediaType.WILDCARD)
    public Response pay(@PathParam("id") String id) {
        String orderId = OrderRequest.checkedOrderId(id);
        desk.pay(orderId);
        return Response.accepted(
                        JsonText.object().add("orderId", orderId).build().toString())
                .build();
    }
}
