"""Renders previews into a scratch folder and keeps each of them."""
import itertools, logging, os, sys, time
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)s renderer %(message)s")
scratch = os.environ.get("SCRATCH", "/var/scratch")
size = int(os.environ.get("CHUNK_MIB", "8")) * 1024 * 1024
os.makedirs(scratch, exist_ok=True)
logging.info("started, scratch folder %s", scratch)
for n in itertools.count(1):
    with open(f"{scratch}/preview-{n:05}.bin", "wb") as out:
        out.write(os.urandom(size))
    logging.info("job %d rendered, status=ok pages=%d", 3100 + n, 4 + n % 7)
    time.sleep(float(os.environ.get("PAUSE", "1.5")))
