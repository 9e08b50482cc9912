#!/bin/bash
# Programs in Java: jetty, undertow, jedis, mybatis, hazelcast, in several categories.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# java_desk NAME MAIN: a Java program from standard input, with the jars of apps/desks on its path.
java_desk() {
  mkdir -p "/srv/$1" /opt/lib && cd "/srv/$1" || exit 1
  mount --bind "$cache/desks" /opt/lib
  cat >"$2.java"
  javac -proc:none -nowarn -cp '/opt/lib/*' "$2.java" 2>&1 | grep error >&2
  printf 'status = error\nappender.out.type = Console\nappender.out.name = out\nappender.out.layout.type = %s\n%s\nrootLogger.level = info\nrootLogger.appenderRef.out.ref = out\n' "${3:-PatternLayout}" "${4:-appender.out.layout.pattern = %d{ISO8601\} %-5p [%t] %c{1.\} - %m%n}" >log4j2.properties
}
java_go() { java -cp '.:/opt/lib/*' "$@"; }

case_invalid_config_jetty_threads() {
  about <<'JSON'
{ "category": "invalid-config", "app": "returns", "log": "journal.log",
  "proof": ["Insufficient configured threads"],
  "program": "jetty 12, log4j 2 under systemd 252", "form": "journald", "hides": "Failed startup of server, Stopped oejs.Server, java.lang.IllegalStateException, start request repeated too quickly", "split": "held-out",
  "why": "Somebody set the pool to two threads in the name of thrift; the server needs more than that for itself and does not start." }
JSON
  host returns-1
  java_desk returns Returns <<'J'
import org.eclipse.jetty.server.*;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.LoggerFactory;
public class Returns {
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.returns.Returns");
    int threads = Integer.parseInt(System.getenv("POOL"));
    log.info("returns 5.5, pool of {} threads, failed returns: 0", threads);
    Server server = new Server(new QueuedThreadPool(threads, 1));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setPort(8720);
    server.addConnector(connector);
    server.setHandler(new DefaultHandler());
    try { server.start(); } catch (Exception e) { log.error("server not started", e); System.exit(3); }
  }
}
J
  unit returns <<'U'
[Unit]
Description=Returns
StartLimitBurst=3
[Service]
WorkingDirectory=/srv/returns
Environment=POOL=20
ExecStart=/usr/bin/java -cp .:/opt/lib/* Returns
SyslogIdentifier=returns
SuccessExitStatus=143
Restart=on-failure
RestartSec=1
U
  systemctl start returns
  wait_port 8720
  hit http://127.0.0.1:8720/errors 2
  sed -i 's/POOL=20/POOL=2/' /etc/systemd/system/returns.service
  systemctl daemon-reload
  systemctl restart returns
  sleep 16
  journal journal.log -u returns
}

case_stack_overflow_undertow_menus_json() {
  about <<'JSON'
{ "category": "stack-overflow", "app": "menus", "log": "menus.json.log",
  "proof": ["java.lang.StackOverflowError"],
  "program": "undertow 2, log4j 2 JsonTemplateLayout", "form": "json-lines", "hides": "level INFO menus shown, UT005023 exception handling request, 500 of one menu", "split": "held-out",
  "why": "The autumn menu names itself as its own parent; the function that walks up the menus never comes to an end." }
JSON
  host menus-3
  java_desk menus Menus JsonTemplateLayout 'appender.out.layout.maxStringLength = 3000' <<'J'
import io.undertow.Undertow;
import java.util.Map;
import org.slf4j.LoggerFactory;
public class Menus {
  static final org.slf4j.Logger log = LoggerFactory.getLogger("com.acme.menus.Menus");
  static final Map<String, String> parents = Map.of("soup", "dinner", "dinner", "all", "autumn", "autumn");
  static String path(String menu) { return parents.containsKey(menu) ? path(parents.get(menu)) + "/" + menu : menu; }
  public static void main(String[] args) {
    Undertow.builder().addHttpListener(8730, "127.0.0.1").setIoThreads(1).setWorkerThreads(2).setHandler(exchange -> {
      String menu = exchange.getRequestPath().substring(1);
      try {
        String path = path(menu);
        log.info("menu {} shown as {}, 0 dishes failed", menu, path);
        exchange.getResponseSender().send(path);
      } catch (Throwable thrown) {
        log.info("menu {} not shown", menu, thrown);
        exchange.setStatusCode(500);
      }
    }).build().start();
    log.info("menus 7.1 listens, errors so far: none");
  }
}
J
  start menus.json.log java -Xss256k -Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager -cp '.:/opt/lib/*' Menus
  wait_port 8730
  for menu in soup dinner autumn soup autumn error-menu dinner autumn; do hit http://127.0.0.1:8730/$menu; done
  sleep 1
  kill $last
  head -c 150000 "$evidence/menus.json.log" >/tmp/menus && cp /tmp/menus "$evidence/menus.json.log"
}

case_disk_full_jedis_basket_store() {
  about <<'JSON'
{ "category": "disk-full", "app": "baskets", "log": "baskets.log",
  "proof": ["No space left on device"],
  "program": "jedis 5 against redis 7.0", "form": "application-log", "hides": "MISCONF Redis is configured to save RDB snapshots, JedisDataException, Background saving error, baskets read well", "split": "held-out",
  "why": "The disk of the store is full, so it cannot save itself and takes no writes; the program sees only the refusal." }
JSON
  host baskets-4
  address 10.0.13.26 redis.internal
  tiny /data/redis 1m
  redis-server --port 6379 --bind 10.0.13.26 --protected-mode no --dir /data/redis --save '2 1' --logfile /tmp/redis.log --rdbcompression no &
  wait_port 6379 10.0.13.26
  java_desk baskets Baskets <<'J'
import java.util.Random;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPooled;
public class Baskets {
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.baskets.Baskets");
    var random = new Random(4);
    try (var redis = new JedisPooled("redis.internal", 6379)) {
      log.info("baskets 2.9 keeps baskets in redis.internal, lost so far: 0");
      for (int n = 1; n <= 26; n++) {
        byte[] goods = new byte[90_000];
        random.nextBytes(goods);
        try {
          redis.set(("basket:" + n).getBytes(), goods);
          log.info("basket {} kept", n);
        } catch (Exception e) {
          log.warn("basket {} not kept: {}: {}", n, e.getClass().getSimpleName(), e.getMessage());
        }
        log.info("basket 1 read, {} bytes", redis.strlen("basket:1"));
        Thread.sleep(600);
      }
    }
  }
}
J
  java_go Baskets >"$evidence/baskets.log" 2>&1
  cp /tmp/redis.log "$evidence/redis.log"
}

case_database_deadlock_mybatis_transfers() {
  about <<'JSON'
{ "category": "database-deadlock", "app": "transfers", "log": "transfers.log",
  "proof": ["ERROR: deadlock detected"],
  "program": "mybatis 3, c3p0 0.10 against postgresql 15", "form": "application-log", "hides": "Error updating database, transfers that are booked, tried again, pool statistics", "split": "held-out",
  "why": "Two desks book between the same two accounts in opposite order; each holds what the other waits for, and the database ends one of them." }
JSON
  host transfers-1
  address 10.0.13.28 bank-db
  pg_new 'deadlock_timeout = 500ms' && pg_start
  sql 'CREATE TABLE account (id int PRIMARY KEY, cents int); INSERT INTO account VALUES (1, 1000000), (2, 1000000), (3, 0)'
  java_desk transfers Transfers <<'J'
import com.mchange.v2.c3p0.ComboPooledDataSource;
import org.apache.ibatis.annotations.*;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.*;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.slf4j.LoggerFactory;
public class Transfers {
  interface Accounts {
    @Update("UPDATE account SET cents = cents + #{cents} WHERE id = #{id}") int add(@Param("id") int id, @Param("cents") int cents);
  }
  static final org.slf4j.Logger log = LoggerFactory.getLogger("com.acme.transfers.Transfers");
  public static void main(String[] args) throws Exception {
    var pool = new ComboPooledDataSource();
    pool.setJdbcUrl("jdbc:postgresql://bank-db/postgres?user=postgres");
    var configuration = new Configuration(new Environment("prod", new JdbcTransactionFactory(), pool));
    configuration.addMapper(Accounts.class);
    var factory = new SqlSessionFactoryBuilder().build(configuration);
    Thread[] desks = { desk(factory, "desk-a", 1, 2), desk(factory, "desk-b", 2, 1), desk(factory, "desk-c", 3, 3) };
    for (Thread desk : desks) desk.start();
    for (Thread desk : desks) desk.join();
    pool.close();
  }
  static Thread desk(SqlSessionFactory factory, String name, int from, int to) {
    return new Thread(() -> {
      for (int n = 1; n <= 6; n++) {
        try (var session = factory.openSession()) {
          var accounts = session.getMapper(Accounts.class);
          accounts.add(from, -100);
          Thread.sleep(400);
          accounts.add(to, 100);
          session.commit();
          log.info("transfer {} booked, 0 rejected", n);
        } catch (Exception e) {
          log.info("transfer {} given back to the clerk: {}", n, e.getMessage());
        }
      }
    }, name);
  }
}
J
  java_go Transfers >"$evidence/transfers.log" 2>&1
  cp $pg_log "$evidence/postgresql.log"
}

case_no_incident_hazelcast_member_leaves() {
  about <<'JSON'
{ "category": "no-incident", "app": "grid", "log": "grid.log", "proof": [],
  "program": "hazelcast 5.3", "form": "application-log", "hides": "WARN of the licence of open modules, connection closed, Removing Member, Mastership, migrations", "split": "held-out",
  "why": "A second member joins and is shut down in good order, its part of the data moves over; nothing is lost." }
JSON
  host grid-1
  java_desk grid Grid <<'J'
import com.hazelcast.config.Config;
import com.hazelcast.core.*;
import org.slf4j.LoggerFactory;
public class Grid {
  static HazelcastInstance member(int port) {
    Config config = new Config().setClusterName("grid").setProperty("hazelcast.logging.type", "slf4j").setProperty("hazelcast.phone.home.enabled", "false");
    config.setInstanceName("m" + port);
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:5701").addMember("127.0.0.1:5702");
    return Hazelcast.newHazelcastInstance(config);
  }
  public static void main(String[] args) throws Exception {
    var log = LoggerFactory.getLogger("com.acme.grid.Grid");
    var first = member(5701);
    for (int n = 0; n < 200; n++) first.getMap("errors").put(n, "none");
    var second = member(5702);
    Thread.sleep(2000);
    log.info("release of member two: shutting it down, 0 entries may be lost");
    second.shutdown();
    Thread.sleep(1500);
    log.info("entries after that: {} of 200", first.getMap("errors").size());
    first.shutdown();
  }
}
J
  java_go Grid >"$evidence/grid.log" 2>&1
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
