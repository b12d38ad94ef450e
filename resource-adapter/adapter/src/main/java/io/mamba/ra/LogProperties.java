package io.mamba.ra;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The bean properties that say which log and as whom; the same on the resource adapter and on connection factories. */
public class LogProperties implements Serializable {
    private static final long serialVersionUID = 1L;

    protected final GivenProperties given;

    protected LogProperties() {
        this.given = new GivenProperties(getClass().getSimpleName());
    }

    protected final LogAccess access() {
        return LogAccess.of(given);
    }

    public @Nullable String getUrl() {
        return given.text("url");
    }

    public void setUrl(@Nullable String url) {
        given.set("url", url);
    }

    public @Nullable String getConnectionParameters() {
        return given.text("connectionParameters");
    }

    public void setConnectionParameters(@Nullable String connectionParameters) {
        given.set("connectionParameters", connectionParameters);
    }

    public @Nullable String getServerUrl() {
        return given.text("serverUrl");
    }

    public void setServerUrl(@Nullable String serverUrl) {
        given.set("serverUrl", serverUrl);
    }

    public @Nullable String getConnectionURL() {
        return given.text("connectionURL");
    }

    public void setConnectionURL(@Nullable String connectionURL) {
        given.set("connectionURL", connectionURL);
    }

    public @Nullable String getUserName() {
        return given.text("userName");
    }

    public void setUserName(@Nullable String userName) {
        given.set("userName", userName);
    }

    public @Nullable String getPassword() {
        return given.text("password");
    }

    public void setPassword(@Nullable String password) {
        given.set("password", password);
    }
}
