import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** Keeps every posting of the day on the heap; each request needs some heap as well. */
public class Ledger {
  static final List<long[]> postings = new ArrayList<>();

  static void log(String level, String logger, String text) {
    System.out.printf("%s %5s 1 --- [%15s] %-40s : %s%n",
        LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS")), level, Thread.currentThread().getName(), logger, text);
  }

  public static void main(String[] args) throws Exception {
    String app = System.getenv().getOrDefault("APP", "ledger");
    log("INFO", "com.example." + app + ".Application", "Starting Application using Java " + Runtime.version().feature() + " with PID 1");
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/actuator/health", exchange -> {
      byte[] body = new byte[1 << 20];
      byte[] up = "{\"status\":\"UP\"}".getBytes();
      exchange.sendResponseHeaders(200, up.length + (body.length - (1 << 20)));
      exchange.getResponseBody().write(up);
      exchange.close();
    });
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.start();
    log("INFO", "o.s.b.w.embedded.tomcat.TomcatWebServer", "Tomcat started on port 8080 (http) with context path ''");
    log("INFO", "com.example." + app + ".Application", "Started Application in 2.41 seconds (process running for 2.9)");
    int batch = 0;
    boolean survive = args.length > 0 && args[0].equals("survive");
    while (true) {
      try {
        batch++;
        for (int i = 0; i < 20; i++) postings.add(new long[16_000]);
        if (batch % 2 == 1) log("INFO", "com.example." + app + ".PostingService", "booked batch " + batch + ", " + postings.size() * 80 + " postings held, 0 rejected");
      } catch (OutOfMemoryError error) {
        if (!survive) throw error;
        log("ERROR", "com.example." + app + ".PostingService", "batch " + batch + " not booked: " + error);
        Thread.sleep(500);
      }
      Thread.sleep(300);
    }
  }
}
