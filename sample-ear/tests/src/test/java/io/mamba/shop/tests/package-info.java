/**
 * Tests of the shop as a whole: on Payara Micro, over HTTP, through crashes. They know nothing of its classes, only the
 * launcher's.
 */
@NullMarked
package io.mamba.shop.tests;

import org.jspecify.annotations.NullMarked;
