package io.mamba.shop.audit;

import io.mamba.shop.messages.Destinations;
import io.mamba.shop.messages.JsonText;
import io.mamba.shop.provider.ProviderFigures;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /audit}. */
@Path("audit")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AuditResource {

    @Inject
    private Bookkeeper bookkeeper;

    @GET
    public String audit() {
        ProviderFigures provider = ProviderFigures.read();
        Books books = bookkeeper.read();
        JsonObjectBuilder queues = JsonText.object();
        for (String queue : Destinations.QUEUES) {
            ProviderFigures.Figures figures = provider.of(queue);
            queues.add(
                    queue,
                    JsonText.object()
                            .add("depth", figures.depth())
                            .add("inFlight", figures.inFlight())
                            .add("deadLettered", figures.deadLettered()));
        }
        return JsonText.object()
                .add(
                        "orders",
                        JsonText.object()
                                .add("CREATED", books.created())
                                .add("PAID", books.paid())
                                .add("SHIPPED", books.shipped())
                                .add("REJECTED_STOCK", books.rejected()))
                .add("unitsSold", books.unitsSold())
                .add("unitsAdjusted", books.unitsAdjusted())
                .add("initialStock", books.initialStock())
                .add("currentStock", books.currentStock())
                .add("negativeStock", books.negativeStock())
                .add("queues", queues)
                .add("inDoubt", provider.inDoubt())
                .add("balanced", books.balanced())
                .build()
                .toString();
    }
}
