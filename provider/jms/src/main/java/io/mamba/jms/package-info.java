/**
 * The Jakarta Messaging API over {@code io.mamba.client}: thin and wide. {@code MambaConnectionFactory} is what programs
 * name; connections, sessions, producers and consumers follow from it. The simplified API (contexts) delegates to the
 * classic one, line by line.
 *
 * <p>How a session settles is a {@link io.mamba.jms.Settlement}, what its environment forbids a {@link
 * io.mamba.jms.Permissions}, and where connections take client sessions from a {@link io.mamba.jms.Lease}: with these
 * three a resource adapter hands out the very same classes.
 *
 * <p>Depends on {@code io.mamba.client}, {@code io.mamba.message}, {@code io.mamba.selector}, {@code
 * io.mamba.jms.message}, {@code io.mamba.jms.error}.
 */
@NullMarked
package io.mamba.jms;

import org.jspecify.annotations.NullMarked;
