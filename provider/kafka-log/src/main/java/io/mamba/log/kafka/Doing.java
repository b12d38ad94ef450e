package io.mamba.log.kafka;

/** What the engine asked of the cluster, for the errors: what was tried, and which rights it takes. */
enum Doing {
    WRITE("write to", "Write and Describe on the topic"),
    READ("read", "Read and Describe on the topic"),
    CREATE("create or describe", "Create, Describe and DescribeConfigs on the topic"),
    TRIM("delete old records of", "Delete on the topic"),
    FENCE("fence the producers of", "Write on the transactional id, for every node's"),
    JOIN("take part in", "Read on the group");

    private final String verb;
    private final String rights;

    Doing(String verb, String rights) {
        this.verb = verb;
        this.rights = rights;
    }

    String verb() {
        return verb;
    }

    String rights() {
        return rights;
    }
}
