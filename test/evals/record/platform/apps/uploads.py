import json, os, time, datetime, http.server, threading, traceback

def log(level, msg, **more):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(json.dumps({"timestamp": now, "severity": level, "service": "media-uploads", "msg": msg, **more}), flush=True)

folder = os.environ.get("UPLOAD_DIR", "/data")
log("INFO", "service started", upload_dir=folder, port=8080)
failed = 0
for part in range(1, 400):
    path = os.path.join(folder, f"part-{part:05d}.bin")
    try:
        with open(path, "wb") as file:
            file.write(os.urandom(512 * 1024))
        log("INFO", "upload stored", path=path, bytes=524288, status=201)
    except Exception as error:
        failed += 1
        log("ERROR", "unhandled exception in request handler", method="POST", path="/v1/uploads", status=500, exc_info=traceback.format_exc())
        if failed > 4:
            log("CRITICAL", "error budget of the last minute is gone, giving up")
            raise SystemExit(1)
    time.sleep(0.25)
