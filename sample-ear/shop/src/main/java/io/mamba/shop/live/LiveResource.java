package io.mamba.shop.live;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;

/** {@code GET /live}: an event {@code past} with the queues' history, then an event {@code state} whenever something changed. */
@Path("live")
@RequestScoped
public class LiveResource {

    @Inject
    private Sampler sampler;

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void watch(@Context SseEventSink sink, @Context Sse sse) {
        sampler.admit(sink, sse);
    }
}
