"""auth: token issuer, structlog JSON lines, standard library HTTP server."""
import json
import os
import ssl
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import structlog

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=structlog.WriteLoggerFactory(sys.stdout),
)
log = structlog.get_logger(service="auth", version="1.22.0")


def signing_key():
    path = os.environ.get("SIGNING_KEY_FILE")
    if not path:
        return "dev"
    with open(path) as file:
        return file.read()


def introspect(token):
    url = os.environ["IDP_URL"] + "/introspect?token=" + token
    with urllib.request.urlopen(url, timeout=3) as answer:
        return json.load(answer)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = 200, {"status": "ok"}
        try:
            if self.path.startswith("/token/"):
                body = {"token": "t-" + self.path.rsplit("/", 1)[1], "key": len(signing_key())}
            elif self.path.startswith("/introspect/"):
                body = introspect(self.path.rsplit("/", 1)[1])
        except Exception:
            status, body = 500, {"error": "internal"}
            log.exception("request_failed", path=self.path)
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.end_headers()
        self.wfile.write(payload)
        log.info("request", path=self.path, status=status, client=self.client_address[0])

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "9000"))
    log.info("starting", port=port, python=sys.version.split()[0], tls=ssl.OPENSSL_VERSION)
    server = ThreadingHTTPServer(("0.0.0.0", port), Handler)
    log.info("listening", port=port)
    server.serve_forever()
