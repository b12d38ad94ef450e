package io.mamba.transaction;

import io.mamba.ErrorCode;
import io.mamba.MambaException;
import java.util.HexFormat;

/** An XA branch id as text: {@code <format id>:<global id in hex>:<qualifier in hex>}. */
public record BranchId(String text) {
    private static final HexFormat HEX = HexFormat.of();

    public static BranchId of(int formatId, byte[] global, byte[] qualifier) {
        return new BranchId(formatId + ":" + HEX.formatHex(global) + ":" + HEX.formatHex(qualifier));
    }

    public int formatId() {
        return Integer.parseInt(part(0));
    }

    public byte[] global() {
        return HEX.parseHex(part(1));
    }

    public byte[] qualifier() {
        return HEX.parseHex(part(2));
    }

    private String part(int index) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new MambaException(ErrorCode.CORRUPT, "'" + text + "' is not a branch id.");
        }
        return parts[index];
    }

    @Override
    public String toString() {
        return text;
    }
}
