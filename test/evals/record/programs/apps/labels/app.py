"""Shipping labels as a plain WSGI application."""
import ctypes
import os
import threading
import time

if os.environ.get('LABELS_NEEDS'):
    __import__(os.environ['LABELS_NEEDS'])


def leave():
    time.sleep(float(os.environ['LABELS_LEAVE']))
    os._exit(4)


if os.environ.get('LABELS_LEAVE'):
    threading.Thread(target=leave, daemon=True).start()


def application(environ, start_response):
    path = environ['PATH_INFO']
    if path.startswith('/bulk'):
        time.sleep(40)
    if path.startswith('/barcode'):
        ctypes.string_at(0)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'label\n']
