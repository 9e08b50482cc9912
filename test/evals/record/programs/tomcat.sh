#!/bin/bash
# tomcat 10 with pages of its own (JSP), as Debian packages it.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# tomcat LOG: the server in the foreground; more of its environment may stand before. Pages lie in $site.
site=/srv/tomcat/webapps/intake
tomcat_base() {
  mkdir -p /srv/tomcat/{conf,logs,temp,work} $site/WEB-INF
  cp -rL /etc/tomcat10/. /srv/tomcat/conf/
  rm -f /srv/tomcat/conf/Catalina/localhost/*.xml
  echo '<% out.print("ok " + new java.util.Date()); %>' >$site/index.jsp
  cat >$site/WEB-INF/web.xml <<'X'
<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0"><display-name>intake</display-name></web-app>
X
}
tomcat() {
  export CATALINA_HOME=/usr/share/tomcat10 CATALINA_BASE=/srv/tomcat CATALINA_TMPDIR=/srv/tomcat/temp
  start "$1" /usr/share/tomcat10/bin/catalina.sh run
}

case_heap_exhausted_tomcat_upload() {
  about <<'JSON'
{ "category": "heap-exhausted", "app": "intake", "log": "localhost.log",
  "proof": ["java.lang.OutOfMemoryError: Java heap space"],
  "program": "tomcat 10.1, OpenJDK 17", "form": "application-log", "hides": "Servlet.service() for servlet [jsp] in context with path [/intake] threw exception", "split": "held-out",
  "why": "A page keeps every upload in a session; the heap of 48 MB is full." }
JSON
  host intake-1
  tomcat_base
  cat >$site/upload.jsp <<'X'
<%! static java.util.List<byte[]> kept = new java.util.ArrayList<>(); %>
<% kept.add(new byte[6 << 20]); out.print(kept.size()); %>
X
  CATALINA_OPTS='-Xmx48m -XX:+UseSerialGC' tomcat catalina.log
  wait_port 8080
  hit http://127.0.0.1:8080/intake/ 3 -m 30
  hit http://127.0.0.1:8080/intake/upload.jsp 12 -m 30
  sleep 1
  cp /srv/tomcat/logs/localhost.????-??-??.log "$evidence/localhost.log"
  kill -KILL $last
}

case_port_in_use_tomcat_connector() {
  about <<'JSON'
{ "category": "port-in-use", "app": "intake", "log": "catalina.log",
  "proof": ["java.net.BindException: Address already in use"],
  "program": "tomcat 10.1, OpenJDK 17", "form": "application-log", "hides": "org.apache.catalina.LifecycleException: Protocol handler initialization failed, Server startup in", "split": "held-out",
  "why": "Another process has 8080; the server starts all the same, without the connector that anybody could reach." }
JSON
  host intake-3
  tomcat_base
  /usr/bin/python3 -m http.server 8080 >/dev/null 2>&1 &
  wait_port 8080
  tomcat catalina.log
  sleep 14
  kill -KILL $last
}

case_application_hung_tomcat_stuck_threads() {
  about <<'JSON'
{ "category": "application-hung", "app": "intake", "log": "catalina.log",
  "proof": ["may be stuck"],
  "program": "tomcat 10.1, OpenJDK 17", "form": "application-log", "hides": "a long stack of org.apache.catalina frames", "split": "held-out",
  "why": "Two threads wait for each other's lock; the server tells of requests that have been active for seconds and do not end." }
JSON
  host intake-5
  tomcat_base
  sed -i 's#<Valve className="org.apache.catalina.valves.AccessLogValve"#<Valve className="org.apache.catalina.valves.StuckThreadDetectionValve" threshold="6" />\n        &#' /srv/tomcat/conf/server.xml
  sed -i 's#<Engine name="Catalina"#<Engine backgroundProcessorDelay="2" name="Catalina"#' /srv/tomcat/conf/server.xml
  cat >$site/book.jsp <<'X'
<%! static final Object seats = new Object(), ledger = new Object();
static void both(Object one, Object two) throws Exception { synchronized (one) { Thread.sleep(1500); synchronized (two) { Thread.sleep(1); } } } %>
<% if (request.getParameter("refund") != null) both(ledger, seats); else both(seats, ledger); out.print("booked"); %>
X
  tomcat catalina.log
  wait_port 8080
  hit http://127.0.0.1:8080/intake/ 2 -m 30
  hit http://127.0.0.1:8080/intake/book.jsp 1 -m 30
  curl -s -o /dev/null -m 18 http://127.0.0.1:8080/intake/book.jsp &
  curl -s -o /dev/null -m 18 'http://127.0.0.1:8080/intake/book.jsp?refund=1' &
  sleep 16
  kill -KILL $last
}

case_database_auth_tomcat_pool() {
  about <<'JSON'
{ "category": "database-auth", "app": "intake", "log": "localhost.log",
  "proof": ["FATAL: password authentication failed for user \"intake\""],
  "program": "tomcat 10.1, its connection pool against postgresql 15", "form": "application-log", "hides": "Cannot create PoolableConnectionFactory, Servlet.service() threw exception", "split": "held-out",
  "why": "The database's password was changed and the pool's was not." }
JSON
  host intake-7
  pg_new && pg_start
  sql "CREATE USER intake PASSWORD 'new-one'"
  echo 'host all intake 0.0.0.0/0 scram-sha-256' >/tmp/hba && cat /var/lib/postgresql/15/main/pg_hba.conf >>/tmp/hba && cp /tmp/hba /var/lib/postgresql/15/main/pg_hba.conf
  as_postgres $pg_bin/pg_ctl -s -D /var/lib/postgresql/15/main reload
  java_packages
  tomcat_base
  mkdir -p $site/WEB-INF/lib $site/META-INF && cp /opt/lib/postgresql-*.jar $site/WEB-INF/lib/
  cat >$site/META-INF/context.xml <<'X'
<Context><Resource name="jdbc/intake" auth="Container" type="javax.sql.DataSource" driverClassName="org.postgresql.Driver"
  url="jdbc:postgresql://127.0.0.1:5432/postgres" username="intake" password="old-one" maxTotal="4" /></Context>
X
  cat >$site/orders.jsp <<'X'
<% javax.sql.DataSource pool = (javax.sql.DataSource) new javax.naming.InitialContext().lookup("java:comp/env/jdbc/intake");
try (java.sql.Connection one = pool.getConnection()) { out.print("orders"); } %>
X
  tomcat catalina.log
  wait_port 8080
  hit http://127.0.0.1:8080/intake/ 2 -m 30
  hit http://127.0.0.1:8080/intake/orders.jsp 2 -m 30
  cp /srv/tomcat/logs/localhost.????-??-??.log "$evidence/localhost.log"
  kill -KILL $last
}

case_no_incident_tomcat_redeployed() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "catalina.log", "proof": [],
  "program": "tomcat 10.1, OpenJDK 17", "form": "application-log", "hides": "WARNING The web application appears to have started a thread", "split": "held-out",
  "why": "The application was deployed anew twice while the server ran; a thread of the old one is named, as at every deployment, and the pages answer." }
JSON
  host intake-9
  tomcat_base
  echo '<% if (application.getAttribute("t") == null) { Thread t = new Thread(() -> { try { Thread.sleep(60000); } catch (InterruptedException e) {} }, "intake-cleaner"); t.setDaemon(true); t.start(); application.setAttribute("t", t); } out.print("ok"); %>' >$site/clean.jsp
  sed -i 's#<Engine name="Catalina"#<Engine backgroundProcessorDelay="1" name="Catalina"#' /srv/tomcat/conf/server.xml
  tomcat catalina.log
  wait_port 8080
  for n in 1 2; do
    hit http://127.0.0.1:8080/intake/clean.jsp 3 -m 30
    touch $site/WEB-INF/web.xml
    sleep 4
  done
  hit http://127.0.0.1:8080/intake/ 4 -m 30
  cp /srv/tomcat/logs/localhost_access_log*.txt "$evidence/access.log"
  kill -KILL $last
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
