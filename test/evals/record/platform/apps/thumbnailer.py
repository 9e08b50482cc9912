import json, sys, time, datetime

def log(level, message, **more):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    print(json.dumps({"ts": now, "level": level, "logger": "thumbnailer", "message": message, **more}), flush=True)

log("info", "worker started", concurrency=2, queue="images", max_side=4096)
kept = []
for job in range(1, 1000):
    kept.append(bytearray(9 * 1024 * 1024))
    log("info", "thumbnail rendered", job=f"img-{48210 + job}", width=4032, height=3024, ms=180 + job * 7)
    if job % 5 == 0:
        log("info", "cache", entries=job, hit_ratio=round(0.2 + job / 100, 2))
    time.sleep(0.3)
