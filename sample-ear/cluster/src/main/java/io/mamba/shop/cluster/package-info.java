/**
 * Several instances of the shop that share messages on a Kafka cluster and rows in a PostgreSQL: starts all of it on one machine.
 * {@link io.mamba.shop.cluster.ShopClusterLauncher} is the program. Depends on the launcher of one instance and on what starts
 * brokers.
 */
@NullMarked
package io.mamba.shop.cluster;

import org.jspecify.annotations.NullMarked;
