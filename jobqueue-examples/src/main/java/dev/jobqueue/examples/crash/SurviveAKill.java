package dev.jobqueue.examples.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jobqueue.examples.crash.Folder.Listing;
import dev.jobqueue.examples.crash.Message.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The main job: a process finds out size, lines and SHA-256 of every file in a folder, one job a file; it is killed in
 * mid-work, started again, and finishes. Then this process, which never touched the queue, checks all of it.
 */
public final class SurviveAKill {
    static final int DONE = 0;
    static final int WRONG = 1;
    static final int REFUSED = 2;

    private static final int SHOWN = 10;

    private final PrintStream err;
    private final Progress progress;

    SurviveAKill(Progress progress, PrintStream err) {
        this.err = err;
        this.progress = progress;
    }

    /**
     * Takes the folder, default: the working directory; and a folder for the output, default: a new temporary one. Ends
     * with status 0 only if nothing is lost, nothing is left undone, and every checksum is right.
     */
    public static void main(String[] args) throws InterruptedException {
        System.exit(new SurviveAKill(Progress.on(System.out), System.err).run(List.of(args)));
    }

    @SuppressWarnings("try") // the claim is held, not used
    int run(List<String> arguments) throws InterruptedException {
        if (arguments.size() > 2) {
            return refuse("takes a folder and a folder for its output, but got " + arguments);
        }
        Path path = Path.of(arguments.isEmpty() ? "." : arguments.get(0));
        try {
            Folder folder = Folder.at(path);
            Output output = Output.in(
                    arguments.size() == 2 ? Path.of(arguments.get(1)) : Files.createTempDirectory("survive-a-kill"));
            if (folder.root().startsWith(output.folder())) {
                return refuse("the output folder " + output.folder() + " must not hold " + folder);
            }
            try (FileChannel claimed = output.claim()) {
                return run(folder, output);
            }
        } catch (NoSuchFileException e) {
            return refuse("there is no folder " + path.toAbsolutePath().normalize());
        } catch (NotDirectoryException e) {
            return refuse(path + " is no folder");
        } catch (IOException e) {
            err.println("failed: " + e.getMessage());
            return WRONG;
        }
    }

    private int refuse(String why) {
        err.println("refused: " + why);
        return REFUSED;
    }

    private int run(Folder folder, Output output) throws IOException, InterruptedException {
        output.clear();
        Listing listing = folder.list(output.folder());
        listing.unreadable().stream().limit(SHOWN).forEach(file -> progress.say("left out, not readable: " + file));
        if (listing.unreadable().size() > SHOWN) {
            progress.say("... and " + (listing.unreadable().size() - SHOWN) + " more");
        }
        List<String> names = listing.names();
        if (names.isEmpty()) {
            return refuse(folder + " has no file to work on");
        }
        progress.say(names.size() + " files in " + folder);
        Files.write(output.names(), names, US_ASCII);
        long accepted = workUntilKilled(folder, output, names.size());
        Message recovered = workToTheEnd(folder, output, names.size());
        Inspection inspection = Inspection.of(folder, names, output, progress);
        return report(names.size(), accepted, recovered, inspection, output);
    }

    /** Returns how many jobs were accepted. */
    private long workUntilKilled(Folder folder, Output output, int files) throws IOException, InterruptedException {
        long accepted = 0;
        try (ChildJvm child = start("begin", folder, output, 1)) {
            progress.say("process " + child.pid() + " submits and works");
            for (Message message = next(child); message.kind() != Kind.IN_MID_WORK; message = next(child)) {
                if (message.kind() == Kind.ACCEPTED) {
                    accepted = message.number(0);
                    progress.show("accepted", accepted, files);
                } else if (message.kind() == Kind.DONE) {
                    progress.show("done", message.number(0), files);
                }
            }
            child.kill();
            progress.say("process " + child.pid() + " was killed in mid-work");
        }
        return accepted;
    }

    /** Returns what was recovered. */
    private Message workToTheEnd(Folder folder, Output output, int files) throws IOException, InterruptedException {
        try (ChildJvm child = start("resume", folder, output, 2)) {
            Message recovered = next(child);
            progress.say("process " + child.pid() + " recovers " + recovered.number(0) + " and goes on");
            for (Message message = next(child); message.kind() != Kind.IDLE; message = next(child)) {
                progress.show("done", message.number(0), files);
            }
            child.awaitSuccess();
            progress.say("process " + child.pid() + " has finished");
            return recovered;
        }
    }

    private static ChildJvm start(String how, Folder folder, Output output, int process) throws IOException {
        List<String> arguments = List.of(
                how, folder.root().toUri().toString(), output.folder().toUri().toString());
        return ChildJvm.start(ChecksumProcess.class, arguments, output.log(process));
    }

    private static Message next(ChildJvm child) throws IOException, InterruptedException {
        Optional<String> line = child.nextLine();
        if (line.isEmpty()) {
            child.awaitSuccess();
            throw new IOException("process " + child.pid() + " ended too early");
        }
        return Message.parse(line.get());
    }

    private int report(int files, long accepted, Message recovered, Inspection inspection, Output output) {
        long before = accepted - recovered.number(1);
        progress.say("");
        row("files", files);
        row("accepted", accepted);
        row("done before the kill", before);
        row("orphans recovered", recovered.number(0));
        row("deferred", recovered.number(2));
        row("done after", inspection.completed() - before);
        row("lost", inspection.lost());
        row("run twice", inspection.ranTwice());
        row("recovery's time, ms", recovered.number(3));
        progress.say("");
        List<String> faults = new ArrayList<>(inspection.faults());
        if (accepted != files) {
            faults.add("of " + files + " files " + accepted + " were accepted");
        }
        if (recovered.number(0) == 0) {
            faults.add("the kill came too late: there was nothing to recover");
        }
        if (faults.isEmpty()) {
            progress.say("nothing lost, nothing left undone, every checksum right: " + output.results());
            return DONE;
        }
        faults.stream().limit(SHOWN).forEach(fault -> err.println("wrong: " + fault));
        if (faults.size() > SHOWN) {
            err.println("wrong: ... and " + (faults.size() - SHOWN) + " more");
        }
        err.println("see " + output.folder());
        return WRONG;
    }

    private void row(String name, long number) {
        progress.say("%-22s%9d".formatted(name, number));
    }
}
