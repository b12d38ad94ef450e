package io.mamba.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bytes that were made to exhaust whoever reads them. */
class ObjectMessageLimitsTest {
    private final AllowedClasses allowed = AllowedClasses.of(null);

    private static byte[] serialized(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    void ordinaryObjectsPass() throws IOException, JMSException {
        Map<String, Object> order = new HashMap<>();
        order.put("lines", new ArrayList<>(List.of(Map.of("article", 1, "amounts", new int[] {1, 2, 3}))));
        order.put("empty", new HashSet<>());
        order.put("nothing", new Object[100_000]);

        assertThat(allowed.read(serialized(order)).toString()).contains("article=1");
    }

    @Test
    void setsWithinSetsWhoseHashTakesForEverAreRefused() throws IOException {
        Set<Object> root = new HashSet<>();
        Set<Object> one = root;
        Set<Object> two = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Set<Object> first = new HashSet<>(Set.of("different"));
            Set<Object> second = new HashSet<>();
            one.add(first);
            one.add(second);
            two.add(first);
            two.add(second);
            one = first;
            two = second;
        }
        byte[] bytes = serialized(root);

        assertThatThrownBy(() -> allowed.read(bytes))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("collections nested more than");
    }

    @Test
    void listsWithinListsAreRefused() throws IOException {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            list = new ArrayList<>(Arrays.asList(list, list));
        }
        byte[] bytes = serialized(new Object[] {list});

        assertThatThrownBy(() -> allowed.read(bytes))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("collections nested more than");
    }

    @Test
    void anArrayLargerThanItsBytesIsRefused() throws IOException {
        byte[] bytes = serialized(new long[] {7});
        int length = bytes.length - 8 - 4;
        bytes[length] = 0x7f;
        bytes[length + 1] = (byte) 0xff;

        assertThatThrownBy(() -> allowed.read(bytes))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("array");
    }
}
