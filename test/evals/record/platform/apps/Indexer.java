import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Builds segments off the heap until the container's memory is gone. */
public class Indexer {
  static void log(String level, String thread, String text) {
    System.out.printf("[%s][%-5s][o.s.i.%s] [search-indexer-0] %s%n",
        OffsetDateTime.now().toString().substring(0, 23).replace('.', ','), level, thread, text);
  }

  public static void main(String[] args) throws Exception {
    log("INFO", "Node", "version[2.11.1], pid[1], build[tar], JVM[OpenJDK 64-Bit Server VM/" + Runtime.version() + "]");
    log("INFO", "Node", "JVM arguments " + java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    log("INFO", "IndexService", "opened index [products] with 12 segments");
    List<ByteBuffer> segments = new ArrayList<>();
    for (int batch = 1; ; batch++) {
      ByteBuffer segment = ByteBuffer.allocateDirect(12 << 20);
      for (int i = 0; i < segment.capacity(); i += 4096) segment.put(i, (byte) 1);
      segments.add(segment);
      log("INFO", "BulkProcessor", "batch [" + batch + "] indexed [5000] documents into [products] took [" + (210 + batch * 9) + "ms], failures [0]");
      if (batch % 8 == 0) log("INFO", "MergeScheduler", "merging [" + batch / 4 + "] segments, [" + batch * 12 + "mb] direct buffers in use");
      Thread.sleep(250);
    }
  }
}
