"""Exports a year of posts as one document, in memory; a bigger year takes more."""
import os
def application(environ, start_response):
    year = int(environ["PATH_INFO"].rsplit("/", 1)[-1])
    posts = [os.urandom(1024 * 1024) for _ in range((year - 2018) * 14)]
    start_response("200 OK", [("content-type", "application/octet-stream")])
    return [posts[0]]
