/**
 * Small applications that run in a server, each with one page that uses a factory and a queue which it got in one way.
 * They depend on Jakarta EE only.
 */
@NullMarked
package io.mamba.shop.tests.lookups;

import org.jspecify.annotations.NullMarked;
