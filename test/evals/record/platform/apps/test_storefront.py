# What `helm test` runs against a release: words of failure in the names, and nothing that fails.
import logging
import os
import unittest
import urllib.error
import urllib.request

base = os.environ["BASE_URL"]
log = logging.getLogger("storefront-test")
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def status(path):
    try:
        return urllib.request.urlopen(base + path, timeout=5).status
    except urllib.error.HTTPError as error:
        log.warning("GET %s answered %s %s", path, error.code, error.reason)
        return error.code


class Refusals(unittest.TestCase):
    def test_connection_refused_on_closed_port_is_reported(self):
        """a closed port is reported as connection refused"""
        with self.assertRaises(urllib.error.URLError) as caught:
            urllib.request.urlopen("http://127.0.0.1:9/", timeout=2)
        log.error("expected failure seen: %s", caught.exception)

    def test_fatal_error_page_is_not_found(self):
        """the page of fatal errors is not reachable from outside (404)"""
        self.assertEqual(status("/errors/fatal"), 404)

    def test_home_is_served(self):
        """the home page is served (200)"""
        self.assertEqual(status("/"), 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
