# Celery tasks: `celery -A resizing worker`, and a caller: `python3 resizing.py`, that waits for each answer.
import logging
import os
import time

from celery import Celery

app = Celery("resizing", broker=os.environ["BROKER_URL"], backend=os.environ.get("RESULT_URL"))


@app.task
def thumbnail(picture, width):
    time.sleep(float(os.environ.get("TASK_SECONDS", "0.2")))
    return f"{picture}-{width}.webp"


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s gallery: %(message)s")
    for number in range(int(os.environ.get("REQUESTS", "6"))):
        picture = f"img-{4100 + number}"
        logging.info("request %d: thumbnail of %s wanted", number + 1, picture)
        try:
            logging.info("made %s", thumbnail.delay(picture, 320).get(timeout=4))
        except Exception as error:
            logging.error("no thumbnail of %s: %s: %s", picture, type(error).__name__, error)
        time.sleep(1)
