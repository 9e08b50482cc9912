# A tornado service; its readiness says 503 until a file is there. It does not log it.
import os

import tornado.ioloop
import tornado.log
import tornado.web


class Tickets(tornado.web.RequestHandler):
    def get(self):
        self.write({"open": 12})


class Ready(tornado.web.RequestHandler):
    def get(self):
        self.set_status(200 if os.path.exists("/tmp/warm") else 503)

    def _log(self):
        pass


tornado.log.enable_pretty_logging()
app = tornado.web.Application([("/tickets", Tickets), ("/readyz", Ready)])
app.listen(8888)
tornado.log.app_log.info("tickets 2.7.1 listening on :8888")
tornado.ioloop.PeriodicCallback(lambda: tornado.log.app_log.info("index refreshed, 12 open tickets"), 7000).start()
tornado.ioloop.IOLoop.current().start()
