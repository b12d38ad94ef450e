package io.mamba.ra;

/** What must not go on once the resource adapter has stopped, even if the server's pool still holds it. */
public interface AdapterUser {
    /** Lets go of the log. By the thread that stops the adapter, once at most. */
    void adapterStopped();
}
