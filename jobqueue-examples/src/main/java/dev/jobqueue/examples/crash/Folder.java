package dev.jobqueue.examples.crash;

import dev.jobqueue.job.JobId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The folder whose files are worked on. A file is named by its path from there, written as in a URI: so any name that the
 * system knows goes through text files and payloads, whatever the locale, and comes out as it was.
 */
final class Folder {
    private static final Set<String> BUILD_FOLDERS = Set.of("target", "build");

    private final Path root;
    private final String uri;

    private Folder(Path root) {
        this.root = root;
        this.uri = root.toUri().toString();
    }

    /**
     * The folder at this path; symbolic links to it are followed.
     *
     * @throws NoSuchFileException if there is none
     * @throws NotDirectoryException if it is a file
     */
    static Folder at(Path path) throws IOException {
        Path root = path.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(path.toString());
        }
        return new Folder(root);
    }

    Path root() {
        return root;
    }

    Path file(String name) {
        return Path.of(URI.create(uri + name));
    }

    String name(Path file) {
        return file.toUri().toString().substring(uri.length());
    }

    /** One file, one job: submitted again, it is there already. */
    static JobId jobOf(String name) {
        return JobId.of("file " + name);
    }

    /**
     * What a walk found.
     *
     * @param names of regular files, once each, in order
     * @param unreadable files and folders that this process may not read
     */
    record Listing(List<String> names, List<Path> unreadable) {}

    /** All regular files, without {@code .git}, build folders and {@code output}; symbolic links are not followed. */
    Listing list(Path output) throws IOException {
        List<String> names = new ArrayList<>();
        List<Path> unreadable = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.equals(root) || isWorkedOn(folder)
                        ? FileVisitResult.CONTINUE
                        : FileVisitResult.SKIP_SUBTREE;
            }

            private boolean isWorkedOn(Path folder) {
                String name = String.valueOf(folder.getFileName());
                return !isGit(folder) && !BUILD_FOLDERS.contains(name) && !folder.equals(output);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isGit(file)) {
                    if (Files.isReadable(file)) {
                        names.add(name(file));
                    } else {
                        unreadable.add(file);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                unreadable.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(names);
        return new Listing(List.copyOf(names), List.copyOf(unreadable));
    }

    /** In a linked work tree it is a file. */
    private static boolean isGit(Path path) {
        return String.valueOf(path.getFileName()).equals(".git");
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
