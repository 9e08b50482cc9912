"""The blog: a WSGI application that reads its settings from the environment."""
import logging, os, sys
logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="[%(asctime)s] [%(process)d] [%(levelname)s] %(message)s")
log = logging.getLogger("blog")
log.info("blog-service 2.3.1, python %s", sys.version.split()[0])
log.info("static files: 214 collected, 0 post-processed")
SITE = os.environ.get("SITE_URL", "http://localhost:8005")
JWT_SECRET = os.environ["JWT_SECRET_KEY"]

def application(environ, start_response):
    start_response("200 OK", [("content-type", "text/plain")])
    return [b"ok"]
