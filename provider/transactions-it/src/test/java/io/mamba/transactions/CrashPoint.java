package io.mamba.transactions;

/** A moment in a two-phase commit over two resources, and what must become of a transaction that is cut off there. */
enum CrashPoint {
    BEFORE_ANY_PREPARE("prepare", 1, true, 0, 0, false),
    BETWEEN_THE_PREPARES("prepare", 2, true, 1, 0, false),
    AFTER_ALL_PREPARES("prepare", 2, false, 1, 1, false),
    AFTER_THE_DECISION("commit", 1, true, 1, 1, true),
    BETWEEN_THE_COMMITS("commit", 2, true, 0, 1, true),
    AFTER_ALL_COMMITS("commit", 2, false, 0, 0, true);

    private final String call;
    private final int count;
    private final boolean before;
    private final int inDoubtInFirst;
    private final int inDoubtInSecond;
    private final boolean decided;

    CrashPoint(String call, int count, boolean before, int inDoubtInFirst, int inDoubtInSecond, boolean decided) {
        this.call = call;
        this.count = count;
        this.before = before;
        this.inDoubtInFirst = inDoubtInFirst;
        this.inDoubtInSecond = inDoubtInSecond;
        this.decided = decided;
    }

    /** Whether the transaction is at this point before, or after, its n-th call of this kind. */
    boolean isAt(String made, int madeCount, boolean beforeIt) {
        return made.endsWith(" " + call) && madeCount == count && beforeIt == before;
    }

    /** Branches that one transaction has in doubt at this point, in the resource enlisted first. */
    int inDoubtInFirst() {
        return inDoubtInFirst;
    }

    int inDoubtInSecond() {
        return inDoubtInSecond;
    }

    /** Whether recovery must commit it. */
    boolean isDecided() {
        return decided;
    }
}
