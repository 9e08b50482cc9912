"""A small operator: lists the orders' pods through the API with its service account."""
import datetime, json, os, ssl, sys, time, urllib.error, urllib.request
account = "/var/run/secrets/kubernetes.io/serviceaccount/"
namespace = open(account + "namespace").read()
what = os.environ.get("WATCH", f"/api/v1/namespaces/{namespace}/pods")
def log(letter, line, text):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%m%d %H:%M:%S.%f")
    print(f"{letter}{now}       1 {line}] {text}", flush=True)
log("I", "main.go:58", "starting order-controller version=v0.7.2")
log("I", "leaderelection.go:250", "successfully acquired lease " + namespace + "/order-controller")
failures = 0
while True:
    request = urllib.request.Request("https://" + os.environ["KUBERNETES_SERVICE_HOST"] + what, headers={"Authorization": "Bearer " + open(account + "token").read()})
    try:
        body = json.load(urllib.request.urlopen(request, context=ssl.create_default_context(cafile=account + "ca.crt")))
        log("I", "controller.go:120", f"synced items={len(body['items'])}")
    except urllib.error.HTTPError as error:
        failures += 1
        message = json.load(error)["message"].replace('"', '\\"')
        log("E", "reflector.go:158", f'"Unhandled Error" err="failed to list *v1.Pod: {message}"')
    if failures >= 6:
        log("E", "main.go:112", '"problem running manager" err="failed to wait for order caches to sync: timed out waiting for cache to be synced"')
        sys.exit(1)
    time.sleep(3)
