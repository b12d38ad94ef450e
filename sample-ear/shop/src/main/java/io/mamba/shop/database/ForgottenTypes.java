package io.mamba.shop.database;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import jakarta.persistence.metamodel.Attribute;
import jakarta.persistence.metamodel.ManagedType;
import jakarta.persistence.metamodel.PluralAttribute;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes back, when the application ends, what Hibernate keeps at classes that outlive it: Hibernate is part of the
 * application, and a {@link ClassValue} of it at {@code String} keeps the class loader of the application, and of the adapter in
 * the same EAR, for as long as the server runs. Called by the server, one thread at a time.
 */
@WebListener
public class ForgottenTypes implements ServletContextListener {
    private static final Logger LOG = System.getLogger(ForgottenTypes.class.getName());

    /** Classes of Hibernate, and the field in which each has its values. */
    private static final Map<String, String> CACHES = Map.of(
            "org.hibernate.engine.internal.ManagedTypeHelper", "typeMetaCache",
            "org.hibernate.boot.model.internal.BinderHelper", "annotationMetaCacheForRepeatableDialectOverride");

    private final Set<Class<?>> types = new HashSet<>();

    @PersistenceUnit
    private @Nullable EntityManagerFactory entities;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        // What a column of a collection may hold, besides what is declared.
        Stream.of(new ArrayList<>(), List.of(), List.of(1), List.of(1, 2, 3), Set.of(), Map.of())
                .forEach(collection -> add(collection.getClass()));
        if (entities != null) {
            entities.getMetamodel().getManagedTypes().forEach(this::add);
        }
    }

    private void add(ManagedType<?> type) {
        add(type.getJavaType());
        for (Class<?> each = type.getJavaType(); each != null; each = each.getSuperclass()) {
            addAnnotations(each);
            Arrays.stream(each.getDeclaredFields()).forEach(this::addAnnotations);
            Arrays.stream(each.getDeclaredMethods()).forEach(this::addAnnotations);
        }
        for (Attribute<?, ?> attribute : type.getAttributes()) {
            add(attribute.getJavaType());
            if (attribute instanceof PluralAttribute<?, ?, ?> plural) {
                add(plural.getElementType().getJavaType());
            }
        }
    }

    private void add(@Nullable Class<?> type) {
        if (type != null && types.add(MethodType.methodType(type).wrap().returnType())) {
            add(type.getSuperclass());
        }
    }

    private void addAnnotations(AnnotatedElement element) {
        Arrays.stream(element.getAnnotations()).map(Annotation::annotationType).forEach(types::add);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        CACHES.forEach((holder, field) -> {
            try {
                Field cache = Class.forName(holder).getDeclaredField(field);
                cache.setAccessible(true);
                ClassValue<?> values = (ClassValue<?>) cache.get(null);
                types.forEach(values::remove);
            } catch (ReflectiveOperationException e) { // of another version: the old class loader stays, the shop works
                LOG.log(Level.WARNING, "Hibernate has no " + holder + "." + field + " to clear.", e);
            }
        });
    }
}
