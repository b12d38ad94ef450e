package io.mamba.log;

/** How far a batch has got when its append completes. Ordered: each level includes the ones before. */
public enum Durability {
    /** It has its place in the log; a crash of this process may lose it. */
    NONE,
    /** It survives the death of this process, not a power loss. */
    WRITTEN,
    /** It survives a power loss; on a cluster, all in-sync replicas have it. */
    DURABLE
}
