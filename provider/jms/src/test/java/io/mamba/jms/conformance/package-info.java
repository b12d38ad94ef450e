/**
 * What a user of Jakarta Messaging may rely on, in sentences, by groups; each class of the suite runs on every engine.
 * {@code EmbeddedConformanceIT} is the embedded one.
 */
@NullMarked
package io.mamba.jms.conformance;

import org.jspecify.annotations.NullMarked;
