package io.mamba.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** TLS with a certificate made for the occasion, SCRAM-SHA-512 and ACLs. */
final class Security {
    /** May do all; brokers speak to each other as this user. */
    static final String ADMIN = "admin";

    private static final String ADMIN_PASSWORD = "admin-secret";
    private static final String STORE_PASSWORD = "store-secret";
    private static final String ALIAS = "broker";

    private final Path keys;
    private final Path trusted;

    Security(Path directory) {
        keys = directory.resolve("broker.p12");
        trusted = directory.resolve("trusted.p12");
        makeCertificate();
        exportCertificate();
    }

    Map<String, String> brokerSettings(String listener) {
        String prefix = "listener.name." + listener.toLowerCase(java.util.Locale.ROOT) + ".";
        return Map.of(
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "sasl.mechanism.inter.broker.protocol",
                "SCRAM-SHA-512",
                prefix + "scram-sha-512.sasl.jaas.config",
                login(ADMIN, ADMIN_PASSWORD),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                STORE_PASSWORD,
                "ssl.truststore.location",
                trusted.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD,
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // the controllers' listener is plain and names nobody
                "super.users",
                "User:" + ADMIN + ";User:ANONYMOUS");
    }

    /** The administrator must be known before the first broker can speak to another. */
    List<String> formatArguments() {
        return List.of("--add-scram", "SCRAM-SHA-512=[name=" + ADMIN + ",password=" + ADMIN_PASSWORD + "]");
    }

    Map<String, Object> adminSettings() {
        return clientSettings(ADMIN, ADMIN_PASSWORD);
    }

    Map<String, Object> clientSettings(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                login(user, password),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trusted.toString(),
                "ssl.truststore.password",
                STORE_PASSWORD);
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    private void makeCertificate() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-validity",
                "30",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                STORE_PASSWORD);
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(keytool.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("cannot make a certificate: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run keytool", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while a certificate is made", e);
        }
    }

    private void exportCertificate() {
        char[] password = STORE_PASSWORD.toCharArray();
        try (InputStream in = Files.newInputStream(keys);
                OutputStream out = Files.newOutputStream(trusted)) {
            KeyStore from = KeyStore.getInstance("PKCS12");
            from.load(in, password);
            KeyStore to = KeyStore.getInstance("PKCS12");
            to.load(null, null);
            to.setCertificateEntry(ALIAS, from.getCertificate(ALIAS));
            to.store(out, password);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + trusted, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot export the brokers' certificate", e);
        }
    }
}
