package dev.jobqueue.examples.crash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is found out about a file.
 *
 * @param size in bytes
 * @param lines how many line feeds it has
 * @param sha256 of its content, as 64 hexadecimal digits
 */
record Checksum(long size, long lines, String sha256) {
    private static final int BUFFER = 64 * 1024;

    static Checksum of(Path file) throws IOException {
        MessageDigest digest = newDigest();
        long size = 0;
        long lines = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream content = Files.newInputStream(file)) {
            for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
                digest.update(buffer, 0, length);
                size += length;
                for (int i = 0; i < length; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return new Checksum(size, lines, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
