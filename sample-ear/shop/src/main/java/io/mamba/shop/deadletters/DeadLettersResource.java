package io.mamba.shop.deadletters;

import io.mamba.shop.messages.JsonText;
import io.mamba.shop.provider.ProviderFigures;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /dead-letters} and {@code POST /dead-letters/{destination}/redrive}. */
@Path("dead-letters")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class DeadLettersResource {

    private static final int MOST_OF_EACH = 1_000;

    @Inject
    private DeadLetterDesk desk;

    @GET
    public String all() {
        JsonArrayBuilder shown = JsonText.array();
        desk.oldest(ProviderFigures.read(), MOST_OF_EACH).forEach(letter -> shown.add(letter.toJson()));
        return shown.build().toString();
    }

    @POST
    @Path("{destination}/redrive")
    public String redrive(@PathParam("destination") String destination) {
        int sentBack = desk.redrive(destination);
        return JsonText.object()
                .add("destination", destination)
                .add("sentBack", sentBack)
                .build()
                .toString();
    }
}
