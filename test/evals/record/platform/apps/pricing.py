"""Prices a basket again every second; says when it falls behind."""
import hashlib, logging, time
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s pricing.engine: %(message)s")
log = logging.getLogger()
log.info("pricing engine 1.14 up, rules=412 currency=EUR")
behind = 0
for run in range(1, 10_000):
    start = time.monotonic()
    hashlib.pbkdf2_hmac("sha256", b"basket", str(run).encode(), 350_000)
    took = time.monotonic() - start
    if took > 1:
        behind += 1
        log.warning("repricing run %d took %.2fs, interval is 1s; %d runs behind, memory steady at 19 MiB", run, took, behind)
    else:
        log.info("repricing run %d took %.2fs", run, took)
    time.sleep(max(0, 1 - took))
