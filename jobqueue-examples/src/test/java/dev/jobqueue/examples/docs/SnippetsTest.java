package dev.jobqueue.examples.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jobqueue.JobQueue;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import dev.jobqueue.store.memory.MemoryJobStore;
import dev.jobqueue.store.testkit.JobStoreContract;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What README.md, the other texts beside it and docs/ show and name: their Java compiles, their links lead somewhere, the
 * tests they name exist. CONTRIBUTING.md says how a snippet that is no whole file is marked.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // a compiler's cold start, on a machine that does much else
class SnippetsTest {
    private static final Path ROOT = root();
    private static final Pattern MARK = Pattern.compile("<!-- java: (\\w+) -->");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Clauses|Properties))(?:\\.(\\w+))?`");
    private static final Pattern TYPE = Pattern.compile("(?m)^[a-z ]*(?:class|interface|record|enum) (\\w+)");
    private static final Set<String> LANGUAGES = Set.of("java", "bash", "xml", "text", "mermaid", "sql");

    /** What a snippet may use, each by a class of its artifact. */
    private static final List<Class<?>> PATH = List.of(
            JobQueue.class,
            MemoryJobStore.class,
            SqliteJobStore.class,
            JobStoreContract.class,
            Test.class,
            Property.class);

    /** Before snippets that are statements or members. On one line, so that javac's line numbers are the document's. */
    private static final String IMPORTS = Stream.of(
                    "dev.jobqueue",
                    "dev.jobqueue.event",
                    "dev.jobqueue.job",
                    "dev.jobqueue.option",
                    "dev.jobqueue.store",
                    "dev.jobqueue.store.jdbc",
                    "dev.jobqueue.store.memory",
                    "dev.jobqueue.store.testkit",
                    "java.nio.file",
                    "java.time",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "java.util.function",
                    "java.util.stream")
            .map(name -> "import " + name + ".*;")
            .collect(Collectors.joining(" "));

    /** What statements and members find there, as a host would have it. */
    private static final String GIVEN = """
            package given;
            public abstract class Given {
                public interface Mailer { void send(String to); }
                public interface Orders { void ship(String order, int fencingToken); }
                protected dev.jobqueue.JobQueue queue;
                protected dev.jobqueue.JobQueue.Builder builder;
                protected dev.jobqueue.store.JobStore store;
                protected dev.jobqueue.store.jdbc.PostgresJobStore postgres;
                protected java.sql.Connection connection;
                protected dev.jobqueue.JobContext job;
                protected dev.jobqueue.job.JobId id;
                protected Mailer mailer;
                protected Orders orders;
                protected java.util.Map<dev.jobqueue.job.JobId, dev.jobqueue.job.Job> jobs;
                protected dev.jobqueue.store.ExclusiveMembership membership;
                protected dev.jobqueue.store.StoreTraits traits;
            }
            """;

    private record Snippet(Path document, int line, String kind, String code) {}

    @Test
    void compile(@TempDir Path dir) throws IOException {
        // given
        List<Snippet> snippets = snippets();
        Path given = Files.createDirectories(dir.resolve("given")).resolve("Given.java");
        List<String> files =
                new ArrayList<>(List.of(Files.writeString(given, GIVEN).toString()));
        for (Snippet snippet : snippets) {
            files.add(write(snippet, dir).toString());
        }
        // when
        String path = PATH.stream().map(SnippetsTest::origin).collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-Xlint:-options", "--release", "17", "-d", dir + "/classes", "-cp", path));
        arguments.addAll(files);
        StringWriter told = new StringWriter();
        PrintWriter out = new PrintWriter(told);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        // then
        assertEquals(0, status, told::toString);
        assertEquals(fences("java"), files.size() - 1, "each ```java block is compiled");
    }

    @Test
    void areOfALanguageThatIsKnown() {
        for (Path document : documents()) {
            boolean inside = false;
            for (String line : lines(document)) {
                if (line.strip().startsWith("```")) {
                    inside = !inside;
                    String language = line.strip().substring(3);
                    assertTrue(
                            inside ? LANGUAGES.contains(language) : language.isEmpty(),
                            () -> document + " has a block that begins or ends with " + line);
                }
            }
        }
    }

    @Test
    void startWithTheProgramOfFifteenLines() {
        Snippet program = snippets().get(0);
        assertEquals(ROOT.resolve("README.md"), program.document());
        assertTrue(program.code().lines().filter(line -> !line.isBlank()).count() <= 15, program::code);
    }

    @Test
    void linkToWhatIsThere() {
        List<String> dangling = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            Matcher link = LINK.matcher(prose(document));
            while (link.find()) {
                URI target = URI.create(link.group(1));
                if (target.getScheme() == null) {
                    links++;
                    Path file = target.getPath().isEmpty()
                            ? document
                            : document.resolveSibling(target.getPath()).normalize();
                    if (!Files.exists(file)
                            || (target.getFragment() != null && !anchors(file).contains(target.getFragment()))) {
                        dangling.add(ROOT.relativize(document) + " links to " + target);
                    }
                }
            }
        }
        assertEquals(List.of(), dangling);
        assertTrue(links > 20, "the documents are found, and their links");
    }

    @Test
    void nameTestsThatExist() {
        Map<String, String> sources = testSources();
        List<String> unknown = new ArrayList<>();
        int named = 0;
        for (Path document : documents()) {
            Matcher test = TEST.matcher(prose(document));
            while (test.find()) {
                named++;
                String source = sources.get(test.group(1));
                if (source == null || (test.group(2) != null && !source.contains("void " + test.group(2) + "("))) {
                    unknown.add(ROOT.relativize(document) + " names " + test.group());
                }
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(named > 10, "the register of invariants is found");
    }

    /** Each snippet in a package of its own; its first line at the line where the document has it. */
    private static Path write(Snippet snippet, Path dir) throws IOException {
        String place = ROOT.relativize(snippet.document()).toString().replaceAll("\\W", "_") + "_line" + snippet.line();
        String header = "package " + place + "; ";
        String open = IMPORTS + " abstract class Snippet extends given.Given { ";
        String code = "\n".repeat(snippet.line() - 1) + snippet.code();
        String source = switch (snippet.kind()) {
            case "file" -> header + code;
            case "members" -> header + open + code + "}";
            case "statements" -> header + open + "void run() throws Exception {" + code + "}}";
            default ->
                throw new AssertionError(snippet.document() + " line " + snippet.line()
                        + ": a snippet is a file, members or statements, but was " + snippet.kind());
        };
        Path folder = Files.createDirectories(dir.resolve(place));
        return Files.writeString(folder.resolve(fileName(snippet)), source);
    }

    private static String fileName(Snippet snippet) {
        Matcher type = TYPE.matcher(snippet.code());
        return (snippet.kind().equals("file") && type.find() ? type.group(1) : "Snippet") + ".java";
    }

    private static List<Snippet> snippets() {
        List<Snippet> snippets = new ArrayList<>();
        for (Path document : documents()) {
            List<String> lines = lines(document);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).equals("```java")) {
                    Matcher mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1));
                    List<String> code = lines.subList(i + 1, lines.size());
                    code = code.subList(0, code.indexOf("```"));
                    snippets.add(new Snippet(
                            document, i + 2, mark.matches() ? mark.group(1) : "file", String.join("\n", code) + "\n"));
                }
            }
        }
        return snippets;
    }

    /** Counted another way than they are collected, so that none is passed over. */
    private static long fences(String language) {
        return documents().stream()
                .flatMap(document -> lines(document).stream())
                .filter(line -> line.strip().toLowerCase(Locale.ROOT).startsWith("```" + language))
                .count();
    }

    /** README.md first, then the other texts beside it, then docs/. */
    private static List<Path> documents() {
        try (Stream<Path> beside = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.of(Stream.of(ROOT.resolve("README.md")), beside.sorted(), docs.sorted())
                    .flatMap(paths -> paths)
                    .filter(path -> path.toString().endsWith(".md"))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path document) {
        return text(document).lines().toList();
    }

    private static String prose(Path document) {
        return text(document).replaceAll("(?ms)^```.*?^```", "");
    }

    private static Set<String> anchors(Path document) {
        return prose(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Map<String, String> testSources() {
        Map<String, String> sources = new LinkedHashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(path -> path.resolve("src"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(file ->
                                    sources.put(file.getFileName().toString().replace(".java", ""), text(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String origin(Class<?> one) {
        try {
            return Path.of(one.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The checkout: the folder above the one in which the module's tests run. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("jobqueue-bom"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
