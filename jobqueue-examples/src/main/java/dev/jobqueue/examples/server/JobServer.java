package dev.jobqueue.examples.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jobqueue.JobHandler;
import dev.jobqueue.JobQueue;
import dev.jobqueue.QueueStateException;
import dev.jobqueue.SubmitException;
import dev.jobqueue.job.JobQueueException;
import dev.jobqueue.store.JobStore;
import dev.jobqueue.store.StoreException;
import dev.jobqueue.store.jdbc.SqliteJobStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A queue behind HTTP, on loopback: {@code POST /jobs}, {@code GET /jobs/{id}}, {@code GET /jobs?status=},
 * {@code GET /health}. What is accepted is in a SQLite file.
 *
 * <p>The store comes first, then the queue, which recovers, then its workers, and the server last: whoever gets an answer
 * gets it from a queue that is ready. It ends the other way round. A server for examples, without TLS or login.
 */
public final class JobServer implements AutoCloseable {
    /** So long a request may take to come in, from its first byte to the last of its body. In seconds. */
    static final int LONGEST_REQUEST = 5;

    private static final int LONGEST_RESPONSE = 30;
    private static final int THREADS = 64;
    /** So long, in seconds, requests that are under way may still take when the server stops. */
    private static final int LAST_REQUESTS = 1;

    /** With what follows it less than the 10 s after which a container is killed. */
    private static final Duration GRACE = Duration.ofSeconds(4);

    private static final System.Logger LOG = System.getLogger(JobServer.class.getName());

    static {
        // read once, when the first server is made; without them a client that sends nothing keeps a thread for ever
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(LONGEST_REQUEST));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(LONGEST_RESPONSE));
    }

    /** What this server can do. A host would put its own here. */
    private static final Map<String, JobHandler> HANDLERS = Map.of(
            "print", job -> System.out.println(job.id() + " says " + job.text()),
            "wait", job -> new CountDownLatch(1).await(Long.parseLong(job.text()), TimeUnit.MILLISECONDS),
            "fail",
                    job -> {
                        throw new IllegalStateException(job.text());
                    });

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final int port;

    private JobServer(ServerSettings settings, Path file) throws IOException {
        boolean ready = false;
        try {
            JobStore store = SqliteJobStore.open(file);
            opened.push(store);
            JobQueue.Builder builder = JobQueue.builder()
                    .store(store)
                    .nodeName("server")
                    .workers(settings.workers())
                    .deliveryCapacity(settings.capacity())
                    .shutdownGrace(GRACE);
            HANDLERS.forEach(builder::handler);
            JobQueue queue = builder.build();
            opened.push(queue);
            queue.start();
            port = serve(new JobsApi(queue, HANDLERS.keySet()), settings.port());
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    /** Takes the file; default: {@code jobs.db}. Runs until it is told to end, by SIGTERM or Ctrl-C. */
    public static void main(String[] args) {
        try {
            JobServer server = start(System.getenv(), Path.of(args.length > 0 ? args[0] : "jobs.db"));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            System.out.println("listening on http://127.0.0.1:" + server.port());
        } catch (IOException | JobQueueException | IllegalArgumentException e) {
            System.err.println("cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Starts a server.
     *
     * @throws IllegalArgumentException if the environment has a wrong value
     * @throws JobQueueException if the store or the queue can't be opened
     * @throws IOException if the port can't be had
     */
    static JobServer start(Map<String, String> environment, Path file) throws IOException {
        return new JobServer(ServerSettings.from(environment), file);
    }

    private int serve(JobsApi api, int wanted) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("PORT " + wanted + " cannot be had: " + e.getMessage(), e);
        }
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        threads.allowCoreThreadTimeOut(true);
        opened.push(threads::shutdownNow);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(api, exchange));
        server.start();
        opened.push(() -> server.stop(LAST_REQUESTS));
        return server.getAddress().getPort();
    }

    int port() {
        return port;
    }

    private static void answer(JobsApi api, HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = replyTo(api, exchange);
            byte[] body = reply.body().toString().getBytes(UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(reply.status(), -1); // whatever the status, HEAD has no body
            } else {
                exchange.sendResponseHeaders(reply.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Reply replyTo(JobsApi api, HttpExchange exchange) throws IOException {
        try {
            return api.answer(exchange);
        } catch (RefusedException e) {
            return e.reply();
        } catch (SubmitException | StoreException | QueueStateException e) {
            return Reply.refusal(503, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "no answer", e);
            return Reply.refusal(500, "the server is at fault; its log says more");
        }
    }

    /** The server first, then the queue, which lets handlers end, and the store last. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.ERROR, "not stopped as it should be", e);
            }
        }
    }
}
