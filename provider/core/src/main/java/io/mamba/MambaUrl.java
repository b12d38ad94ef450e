package io.mamba;

import java.util.Map;
import java.util.Optional;

/**
 * A parsed {@code mamba:<engine>:<place>?key=value&..}, percent-decoded; immutable, equal by content. An unknown key is
 * refused with the nearest known one.
 */
public record MambaUrl(String engine, String place, Map<String, String> options) {
    public MambaUrl {
        options = Map.copyOf(options);
    }

    /** @throws MambaException INVALID_ARGUMENT that names the part and the fix */
    public static MambaUrl parse(String text) {
        throw new UnsupportedOperationException("under construction");
    }

    public Optional<String> option(String key) {
        return Optional.ofNullable(options.get(key));
    }
}
