import http.server, os
port = int(os.environ.get("PORT", "8000"))
print(f"docs-site: serving /srv/app on port {port}", flush=True)
http.server.ThreadingHTTPServer(("", port), http.server.SimpleHTTPRequestHandler).serve_forever()
