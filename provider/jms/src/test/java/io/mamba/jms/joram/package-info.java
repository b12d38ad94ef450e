/** Runs the JMS conformance suite of Joram, which is not part of this repository, against Mamba. */
@NullMarked
package io.mamba.jms.joram;

import org.jspecify.annotations.NullMarked;
