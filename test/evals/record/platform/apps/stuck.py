"""Serves, and after a while never answers again: a lock is taken and not given back."""
import http.server, logging, sys, threading, time
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s,%(levelname)s,%(threadName)s,%(message)s")
lock = threading.Lock()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with lock:
            self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, text, *args):
        logging.info("%s %s", self.address_string(), text % args)
def refresh():
    time.sleep(25)
    lock.acquire()
    logging.info("session refresh started, 5120 sessions")
threading.Thread(target=refresh, name="refresher", daemon=True).start()
logging.info("sessions service on port 8090")
http.server.ThreadingHTTPServer(("", 8090), Handler).serve_forever()
