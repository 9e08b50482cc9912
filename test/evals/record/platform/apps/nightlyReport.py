"""Writes the nightly report; one of its uploads needs a second try."""
import logging, sys, time
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(levelname)-7s nightly_report: %(message)s")
log = logging.getLogger()
log.info("started, period=2026-11-20, OOMKilled pods in period: 0, failed orders: 0")
for part in ("orders", "refunds", "shipping", "errors"):
    log.info("section %s: rows=%d error=0 skipped=0", part, len(part) * 1200)
    time.sleep(0.4)
log.warning("upload of report-2026-11-20.pdf: attempt 1 timed out after 2s, trying again")
time.sleep(1)
log.info("upload of report-2026-11-20.pdf: retry ok (attempt 2), 0 failures left")
log.info("done in 3.1s, exit status 0")
