package io.mamba.shop.alerts;

import io.mamba.shop.messages.JsonText;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /alerts}. */
@Path("alerts")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class AlertsResource {

    @Inject
    private Alerts alerts;

    @GET
    public String all() {
        JsonArrayBuilder shown = JsonText.array();
        alerts.all().forEach(alert -> shown.add(alert.toJson()));
        return shown.build().toString();
    }
}
