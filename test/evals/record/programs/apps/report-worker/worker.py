"""report-worker: nightly figures. Reads the settings from the environment, fetches, aggregates, uploads."""
import logging
import os
import sys
import time

import requests

logging.basicConfig(level="INFO", stream=sys.stdout, format="%(asctime)s,%(process)d %(levelname)s %(name)s: %(message)s")
log = logging.getLogger("report")


def settings():
    return {
        "rates": os.environ.get("RATES_URL", "http://rates.finance.svc.cluster.local:8000"),
        "days": int(os.environ.get("DAYS", "3")),
        "bucket": os.environ["REPORT_BUCKET"],
    }


def rates(url, day, tries=3):
    for attempt in range(1, tries + 1):
        try:
            answer = requests.get(f"{url}/rates/{day}", timeout=2)
            answer.raise_for_status()
            return answer.json()
        except requests.RequestException as error:
            log.warning("attempt %d/%d for day %d failed: %s", attempt, tries, day, error)
            time.sleep(0.3)
    raise RuntimeError(f"no rates for day {day} after {tries} attempts")


def aggregate(day, rows):
    table = [[(day, n, str(n) * 40) for n in range(rows)] for _ in range(40)]
    return sum(len(line) for line in table)


def main():
    log.info("report-worker 0.9.4 starting")
    config = settings()
    log.info("settings: %d days, bucket %s", config["days"], config["bucket"])
    rows = int(os.environ.get("ROWS", "100"))
    for day in range(config["days"]):
        if os.environ.get("OFFLINE") != "1":
            rates(config["rates"], day)
        log.info("day %d aggregated: %d cells", day, aggregate(day, rows))
        rows *= int(os.environ.get("GROWTH", "1"))
        time.sleep(0.2)
    log.info("done")


if __name__ == "__main__":
    main()
