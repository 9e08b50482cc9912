import logging, sys, time, urllib.request, os
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s | %(levelname)-8s | recommendations.client:%(funcName)s - %(message)s")
url = os.environ.get("MODEL_URL", "http://feature-store:9000/v2/features")
retries = int(os.environ.get("RETRIES", "4"))
def start():
    logging.info("recommendations 0.9.4 starting, model=als-2026-11")
    logging.info("model file read, 128 factors, 84211 items")
def fetch():
    for attempt in range(1, retries + 1):
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError as error:
            logging.warning("attempt %d/%d for %s failed: %s", attempt, retries, url, error)
            time.sleep(attempt)
    logging.error("feature store is not usable, recommendations cannot start")
    urllib.request.urlopen(url, timeout=5)
start()
fetch()
logging.info("ready")
while True:
    time.sleep(5)
    fetch()
    logging.info("features refreshed")
