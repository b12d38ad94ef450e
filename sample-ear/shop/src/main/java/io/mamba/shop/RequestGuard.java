package io.mamba.shop;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stands before every request. A body larger than any order is refused instead of being read into memory, and so is a POST
 * that a browser sends for a page of somebody else: the shop has no login, so the visitor's browser must not act for others.
 */
@Provider
@PreMatching
public class RequestGuard implements ContainerRequestFilter {

    /** Bytes; an order of 1,000 items needs about a fifth. */
    static final int LARGEST_BODY = 256 * 1024;
    /** So much more is read and thrown away, since a client that is still sending may not see an answer. */
    private static final int PATIENCE = 8 * 1024 * 1024;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        String site = request.getHeaderString("Sec-Fetch-Site");
        if (request.getMethod().equals(HttpMethod.POST)
                && site != null
                && !site.equals("same-origin")
                && !site.equals("none")) {
            throw Problem.forbidden("Only the shop's own page may act here, not one of another site");
        }
        if (request.getLength() > LARGEST_BODY) {
            throw tooLarge(request.getEntityStream());
        }
        request.setEntityStream(limited(request.getEntityStream()));
    }

    /** For a body that does not say how long it is. */
    static InputStream limited(InputStream body) {
        return new FilterInputStream(body) {

            private int left = LARGEST_BODY;

            @Override
            public int read() throws IOException {
                int one = super.read();
                return one < 0 ? one : counted(1, one);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int got = super.read(bytes, offset, length);
                return got <= 0 ? got : counted(got, got);
            }

            private int counted(int read, int answer) throws IOException {
                left -= read;
                if (left < 0) {
                    throw tooLarge(in);
                }
                return answer;
            }
        };
    }

    private static Problem tooLarge(InputStream body) throws IOException {
        byte[] discarded = new byte[8 * 1024];
        for (int read = 0, one = 0; one >= 0 && read < PATIENCE; read += one) {
            one = body.read(discarded);
        }
        return Problem.tooLarge(
                "The body is larger than " + LARGEST_BODY / 1024 + " KiB, which is more than any order needs");
    }
}
