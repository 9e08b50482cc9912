#!/bin/bash
# Limits of the machine and of the service: fd-exhausted, thread-exhausted, port-exhausted,
# traffic-overload.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# few_ports COUNT: the ports from which this machine may connect.
few_ports() { echo "40000 $((40000 + $1 - 1))" >/proc/sys/net/ipv4/ip_local_port_range; }

# keeper IP NAME PORT: takes connections and keeps them without a word.
keeper() {
  address "$1" "$2"
  /usr/bin/python3 -c '
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=400); held = []
while True: held.append(server.accept())' "$1" "$3" &
  sleep 1
}

go_file() { GOCACHE=$cache/go GO111MODULE=off GOTOOLCHAIN=local PATH=/usr/local/go/bin:$PATH go build -o "/usr/local/bin/$1" "$2"; }

case_fd_exhausted_documents_node_journal() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "documents", "log": "journal.log",
  "proof": ["EMFILE: too many open files"],
  "program": "node 20.20.2 in systemd, LimitNOFILE", "form": "journald", "hides": "document not served, HTTP 500", "split": "tune",
  "why": "A file is opened for each download and never closed; at the limit of open files every open fails." }
JSON
  host documents-1
  mkdir -p /srv/documents/files && cd /srv/documents || exit
  for n in $(seq 60); do echo "document $n" >"files/$n.txt"; done
  cat >server.js <<'X'
const http = require('node:http');
const fs = require('node:fs');
let served = 0;
http.createServer((req, res) => {
  const name = `/srv/documents/files/${Number(req.url.split('/').pop())}.txt`;
  fs.open(name, 'r', (err, fd) => {
    if (err) {
      console.error(`ERROR document not served: ${err.message}`);
      res.writeHead(500).end();
      return;
    }
    served += 1;
    console.log(`document ${name} served (${served})`);
    res.end(fs.readFileSync(fd));
  });
}).listen(8090, () => console.log('documents 0.7.3 on 8090'));
X
  unit documents <<'X'
[Unit]
Description=documents
[Service]
ExecStart=/usr/bin/node /srv/documents/server.js
LimitNOFILE=60
X
  systemctl start documents
  wait_port 8090
  for n in $(seq 50); do curl -s -o /dev/null -m 3 "http://127.0.0.1:8090/documents/$n"; done
  journal journal.log -u documents
}

case_fd_exhausted_cdn_nginx() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "cdn-edge", "log": "error.log",
  "proof": ["(24: Too many open files)"],
  "program": "nginx 1.22, worker_rlimit_nofile", "form": "application-log", "hides": "500 in the access log", "split": "tune",
  "why": "Clients that hold their connections use up the worker's open files; accept and open of files fail." }
JSON
  host cdn-1
  mkdir -p /srv/cdn && head -c 2000 /dev/zero | tr '\0' a >/srv/cdn/app.js
  printf 'pid /run/cdn.pid;\nworker_processes 1;\nworker_rlimit_nofile 40;\nerror_log %s/error.log notice;\nevents { worker_connections 200; }\nhttp { access_log %s/access.log; keepalive_timeout 60; server { listen 80; server_name cdn-edge; root /srv/cdn; } }\n' "$evidence" "$evidence" >/tmp/cdn.conf
  nginx -c /tmp/cdn.conf 2>/dev/null
  wait_port 80
  hit http://127.0.0.1/app.js 5
  /usr/bin/python3 -c '
import http.client, time
links = []
for n in range(36):
    try:
        link = http.client.HTTPConnection("127.0.0.1", 80, timeout=1); link.request("GET", "/app.js"); link.getresponse().read()
    except OSError: pass
    links.append(link)
time.sleep(1)'
  head -c 20000 "$evidence/error.log" >/tmp/e && head -n -1 /tmp/e >"$evidence/error.log"
}

case_fd_exhausted_feed_java_sockets() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "price-feed", "log": "price-feed.log",
  "proof": ["java.net.SocketException: Too many open files"],
  "program": "OpenJDK 17", "form": "application-log", "hides": "subscription failed, feed incomplete", "split": "tune",
  "why": "Each subscription leaves its socket open; at the limit the JVM cannot open another." }
JSON
  host feed-1
  keeper 10.0.6.10 exchange 9500
  mkdir -p /srv/feed && cd /srv/feed || exit
  cat >Feed.java <<'X'
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

public class Feed {
    public static void main(String[] args) throws Exception {
        List<Socket> open = new ArrayList<>();
        System.out.println(Instant.now() + " INFO price-feed 6.1.0, exchange:9500");
        int failed = 0;
        for (int n = 1; failed < 4; n++) {
            try {
                open.add(new Socket("exchange", 9500));
                if (n % 6 == 0) System.out.println(Instant.now() + " INFO " + n + " symbols subscribed");
            } catch (Exception e) {
                failed++;
                System.out.println(Instant.now() + " ERROR subscription of symbol " + n + " failed");
                e.printStackTrace(System.out);
            }
            Thread.sleep(40);
        }
        System.out.println(Instant.now() + " ERROR feed incomplete, stopping");
        System.exit(1);
    }
}
X
  javac Feed.java
  start price-feed.log bash -c 'ulimit -n 80; exec java -XX:-MaxFDLimit -cp /srv/feed Feed'
  wait $last
}

case_fd_exhausted_relay_go_accept() {
  about <<'JSON'
{ "category": "fd-exhausted", "app": "relay", "log": "relay.log",
  "proof": ["accept4: too many open files"],
  "program": "go net/http", "form": "application-log", "hides": "accept error; retrying in 5ms", "split": "held-out",
  "why": "Clients keep their streams open until the process has no file descriptor left to accept with." }
JSON
  host relay-1
  mkdir -p /srv/relay && cd /srv/relay || exit
  cat >main.go <<'X'
package main

import (
	"log"
	"net/http"
	"sync/atomic"
)

func main() {
	var open atomic.Int64
	http.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		if n := open.Add(1); n%10 == 0 {
			log.Printf("relay: %d streams open", n)
		}
		<-r.Context().Done()
		open.Add(-1)
	})
	log.Print("relay: version 2.2.0 listening on :8070")
	log.Fatal(http.ListenAndServe(":8070", nil))
}
X
  go_file relay main.go
  start relay.log bash -c 'ulimit -n 64; exec relay'
  wait_port 8070
  for _ in $(seq 70); do curl -s -o /dev/null -m 8 http://127.0.0.1:8070/stream & sleep 0.02; done
  sleep 5
}

case_thread_exhausted_mailroom_java() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "mailroom", "log": "journal.log",
  "proof": ["unable to create native thread"],
  "program": "OpenJDK 17 in systemd, TasksMax", "form": "journald", "hides": "java.lang.OutOfMemoryError (it is not the memory)", "split": "tune",
  "why": "A thread for each letter until the unit's limit of tasks; the JVM calls it OutOfMemoryError although memory is free." }
JSON
  host mail-1
  mkdir -p /srv/mailroom && cd /srv/mailroom || exit
  cat >Mailroom.java <<'X'
public class Mailroom {
    public static void main(String[] args) throws Exception {
        System.out.println("mailroom 5.0.1 started, heap " + Runtime.getRuntime().maxMemory() / 1048576 + " MB");
        for (int n = 1; ; n++) {
            Thread letter = new Thread(() -> {
                try { Thread.sleep(600000); } catch (InterruptedException ignored) { }
            }, "letter-" + n);
            letter.start();
            if (n % 15 == 0) System.out.println(n + " letters in delivery");
            Thread.sleep(30);
        }
    }
}
X
  javac Mailroom.java
  unit mailroom <<'X'
[Unit]
Description=mailroom
[Service]
ExecStart=/usr/bin/java -Xmx64m -XX:+UseSerialGC -cp /srv/mailroom Mailroom
SuccessExitStatus=143
TasksMax=70
X
  systemctl start mailroom
  sleep 9
  systemctl stop mailroom
  journal journal.log -u mailroom
}

case_thread_exhausted_crawler_python() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "link-checker", "log": "link-checker.log",
  "proof": ["RuntimeError: can't start new thread"],
  "program": "python 3.11, limit of processes of the user", "form": "application-log", "hides": "link-checker stopped after a traceback", "split": "tune",
  "why": "The checker starts a thread for each link and reaches the number of threads that its user may have." }
JSON
  host links-1
  keeper 10.0.6.11 docs.example 80
  cat >/srv/links.py <<'X'
import logging
import socket
import threading

logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)-7s link-checker %(message)s")


def check(number):
    with socket.create_connection(("docs.example", 80)) as link:
        link.recv(1)


logging.info("link-checker 0.4: 400 links")
for number in range(1, 401):
    threading.Thread(target=check, args=(number,), daemon=True).start()
    if number % 20 == 0:
        logging.info("%d links in progress", number)
X
  start link-checker.log setpriv --reuid nobody --regid nogroup --clear-groups bash -c 'ulimit -u 75; exec /usr/bin/python3 /srv/links.py'
  wait $last
}

case_thread_exhausted_resolver_go() {
  about <<'JSON'
{ "category": "thread-exhausted", "app": "batch-hasher", "log": "journal.log",
  "proof": ["runtime: failed to create new OS thread"],
  "program": "go in systemd, TasksMax", "form": "journald", "hides": "fatal error: newosproc, SIGABRT and pages of goroutines", "split": "held-out",
  "why": "Blocking system calls need one thread each; at the unit's limit the Go runtime cannot make another and aborts." }
JSON
  host hasher-1
  mkdir -p /srv/hasher && cd /srv/hasher || exit
  cat >main.go <<'X'
package main

import (
	"log"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(0)
	log.Print("batch-hasher 1.0.9 started")
	for n := 1; ; n++ {
		go func() {
			var pipe [2]int
			if syscall.Pipe(pipe[:]) == nil {
				syscall.Read(pipe[0], make([]byte, 1))
			}
		}()
		if n%10 == 0 {
			log.Printf("%d blocks in work", n)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
X
  go_file batch-hasher main.go
  unit batch-hasher <<'X'
[Unit]
Description=batch hasher
[Service]
ExecStart=/usr/local/bin/batch-hasher
TasksMax=30
X
  systemctl start batch-hasher
  sleep 4
  journal journal.log -u batch-hasher
}

case_port_exhausted_scraper_node() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "metrics-scraper", "log": "metrics-scraper.json.log",
  "proof": ["connect EADDRNOTAVAIL 10.0.6.12:9400"],
  "program": "node 20.20.2", "form": "json-lines", "hides": "target down, 0 of 40 up", "split": "tune",
  "why": "Connections are not closed, so every local port towards the target is in use; the target itself is up." }
JSON
  host scraper-1
  keeper 10.0.6.12 exporter 9400
  few_ports 24
  app checkout scraper
  cat >scraper.js <<'X'
const net = require('node:net');
const log = require('pino')({ name: 'metrics-scraper' });
log.info('metrics-scraper 3.1.0, target exporter:9400');
let n = 0;
const timer = setInterval(() => {
  n += 1;
  const round = n;
  const link = net.connect(9400, 'exporter', () => {
    if (round % 4 === 0) log.info({ round }, 'scraped');
  });
  link.on('error', (err) => log.error({ round, err }, 'target down'));
  if (n === 30) { clearInterval(timer); setTimeout(() => process.exit(0), 300); }
}, 60);
X
  start metrics-scraper.json.log node scraper.js
  wait $last
}

case_port_exhausted_proxy_nginx() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "chat-proxy", "log": "error.log",
  "proof": ["failed (99: Cannot assign requested address) while connecting to upstream"],
  "program": "nginx 1.22", "form": "application-log", "hides": "502 Bad Gateway in the access log", "split": "tune",
  "why": "Every long chat holds a port of nginx towards the one upstream; the range is used up and connect fails, though the upstream listens." }
JSON
  host chat-1
  address 10.0.6.13 chat-backend
  /usr/bin/python3 -c '
import socket, threading
server = socket.create_server(("10.0.6.13", 7000), backlog=400); held = []
while True:
    link, _ = server.accept(); link.recv(9999); held.append(link)
    link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n")' &
  sleep 1
  printf 'pid /run/chat.pid;\nworker_processes 1;\nerror_log %s/error.log warn;\nevents { worker_connections 400; }\nhttp { access_log %s/access.log; server { listen 8080; server_name chat-proxy; location / { proxy_buffering off; proxy_pass http://10.0.6.13:7000; } } }\n' "$evidence" "$evidence" >/tmp/chat.conf
  nginx -c /tmp/chat.conf 2>/dev/null
  # The clients are bound to a port outside the range, so that the range is nginx's alone.
  few_ports 20
  for n in $(seq 32); do curl -s -N -o /dev/null -m 4 --local-port $((30000 + n)) "http://127.0.0.1:8080/room/$n" & sleep 0.03; done
  sleep 6
}

case_port_exhausted_probe_python() {
  about <<'JSON'
{ "category": "port-exhausted", "app": "uptime-probe", "log": "journal.log",
  "proof": ["OSError: [Errno 99] Cannot assign requested address"],
  "program": "python 3.11 in systemd", "form": "journald", "hides": "shop is DOWN, Main process exited, status=1", "split": "held-out",
  "why": "The probe keeps its old connections and has no local port left; it then reports the shop as down." }
JSON
  host probe-1
  keeper 10.0.6.14 shop 80
  few_ports 22
  cat >/srv/probe.py <<'X'
import socket
import time

held = []
print("uptime-probe 1.2: shop:80 every 100 ms", flush=True)
for number in range(1, 60):
    try:
        held.append(socket.create_connection(("shop", 80), timeout=2))
    except OSError:
        print("ALERT shop is DOWN", flush=True)
        raise
    if number % 5 == 0:
        print(f"probe {number}: up", flush=True)
    time.sleep(0.1)
X
  unit uptime-probe <<'X'
[Unit]
Description=uptime probe
[Service]
ExecStart=/usr/bin/python3 /srv/probe.py
X
  systemctl start uptime-probe
  sleep 5
  journal journal.log -u uptime-probe
}

case_traffic_overload_magazine_php_fpm() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "magazine", "log": "php-fpm.log",
  "proof": ["server reached pm.max_children setting (3), consider raising it"],
  "program": "PHP-FPM 8.2 behind nginx 1.22", "form": "application-log", "hides": "504 Gateway Time-out in nginx", "split": "tune",
  "why": "Sixty visitors at once for three workers: PHP-FPM says that all its children are busy, nginx times out on those who wait." }
JSON
  host magazine-1
  mkdir -p /srv/magazine && echo '<?php usleep(700000); echo "article";' >/srv/magazine/index.php
  printf '[global]\nerror_log = %s/php-fpm.log\ndaemonize = no\n[magazine]\nuser = www-data\nlisten = 127.0.0.1:9000\npm = dynamic\npm.max_children = 3\npm.start_servers = 1\npm.min_spare_servers = 1\npm.max_spare_servers = 2\n' "$evidence" >/tmp/fpm.conf
  php-fpm8.2 -y /tmp/fpm.conf &
  printf 'pid /run/mag.pid;\nerror_log %s/nginx-error.log warn;\nevents {}\nhttp { access_log %s/nginx-access.log; server { listen 80; server_name magazine; location / { include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /srv/magazine/index.php; fastcgi_pass 127.0.0.1:9000; fastcgi_read_timeout 4s; } } }\n' "$evidence" "$evidence" >/tmp/mag.conf
  wait_port 9000
  nginx -c /tmp/mag.conf
  hit http://127.0.0.1/article/1 3
  for n in $(seq 40); do curl -s -o /dev/null -m 9 "http://127.0.0.1/article/$n" & done
  sleep 10
}

case_traffic_overload_landing_nginx_connections() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "landing", "log": "error.log",
  "proof": ["32 worker_connections are not enough"],
  "program": "nginx 1.22", "form": "application-log", "hides": "the access log, in which every request was answered with 200", "split": "tune",
  "why": "More visitors at once than the configured connections of the worker: nginx drops the others before it reads a request." }
JSON
  host landing-1
  address 10.0.6.15 cms
  /usr/bin/python3 -c '
import socket, threading, time
server = socket.create_server(("10.0.6.15", 8000), backlog=400)
def serve(link):
    link.recv(9999); time.sleep(1.5); link.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"); link.close()
while True: threading.Thread(target=serve, args=(server.accept()[0],)).start()' &
  sleep 1
  printf 'pid /run/landing.pid;\nworker_processes 1;\nerror_log %s/error.log notice;\nevents { worker_connections 32; }\nhttp { access_log %s/access.log; server { listen 80; server_name landing; location / { proxy_pass http://10.0.6.15:8000; } } }\n' "$evidence" "$evidence" >/tmp/landing.conf
  nginx -c /tmp/landing.conf
  wait_port 80
  hit http://127.0.0.1/campaign 3
  for n in $(seq 40); do curl -s -o /dev/null -m 5 "http://127.0.0.1/campaign?visitor=$n" & done
  sleep 5
}

case_traffic_overload_shop_haproxy_queue() {
  about <<'JSON'
{ "category": "traffic-overload", "app": "shop", "log": "journal.log",
  "proof": [" sQ-- "],
  "program": "haproxy 2.6 in front of a python server", "form": "journald", "hides": "503 for customers while the health checks of the servers are fine", "split": "held-out",
  "why": "Both servers are up and full (maxconn), the queue grows to dozens and those who wait in it are answered 503 (sQ)." }
JSON
  host shop-lb-1
  for port in 8001 8002; do
    /usr/bin/python3 -c '
import http.server, sys, time
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/health": time.sleep(0.8)
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()' $port &
  done
  cat >/etc/haproxy/lb.cfg <<'X'
global
  log stdout format raw local0 info
defaults
  mode http
  log global
  option httplog
  timeout connect 2s
  timeout client 10s
  timeout server 10s
  timeout queue 2s
frontend web
  bind :80
  default_backend shop
backend shop
  option httpchk GET /health
  server shop1 127.0.0.1:8001 check maxconn 2
  server shop2 127.0.0.1:8002 check maxconn 2
X
  unit haproxy-lb <<'X'
[Unit]
Description=haproxy load balancer
[Service]
ExecStart=/usr/sbin/haproxy -W -f /etc/haproxy/lb.cfg
X
  wait_port 8002
  systemctl start haproxy-lb
  wait_port 80
  hit http://127.0.0.1/p/1 3
  for n in $(seq 50); do curl -s -o /dev/null -m 9 "http://127.0.0.1/p/$n" & sleep 0.02; done
  sleep 7
  journal journal.log -u haproxy-lb
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
