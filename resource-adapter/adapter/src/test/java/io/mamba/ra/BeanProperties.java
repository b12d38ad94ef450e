package io.mamba.ra;

import java.beans.BeanInfo;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sets and reads beans as a server does: through introspection. */
public final class BeanProperties {
    private BeanProperties() {}

    /** The names of all properties that can be read and written. */
    public static Set<String> of(Class<?> bean) {
        return Arrays.stream(descriptors(bean))
                .filter(property -> property.getReadMethod() != null && property.getWriteMethod() != null)
                .map(PropertyDescriptor::getName)
                .collect(Collectors.toSet());
    }

    public static Class<?> type(Class<?> bean, String name) {
        return descriptor(bean, name).getPropertyType();
    }

    /** Sets properties given as name, value, name, value. */
    public static <T> T with(T bean, @Nullable Object... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            try {
                descriptor(bean.getClass(), (String) java.util.Objects.requireNonNull(namesAndValues[i]))
                        .getWriteMethod()
                        .invoke(bean, namesAndValues[i + 1]);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(bean.getClass().getName(), e);
            }
        }
        return bean;
    }

    private static PropertyDescriptor descriptor(Class<?> bean, String name) {
        return Arrays.stream(descriptors(bean))
                .filter(property -> property.getName().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError(bean.getName() + " has no property " + name));
    }

    private static PropertyDescriptor[] descriptors(Class<?> bean) {
        try {
            BeanInfo info = Introspector.getBeanInfo(bean, Object.class);
            return info.getPropertyDescriptors();
        } catch (IntrospectionException e) {
            throw new AssertionError(e);
        }
    }
}
