# A kopf operator: makes a pod for each Backup object, and says when it has run.
import kopf
import kubernetes


@kopf.on.startup()
def configure(settings: kopf.OperatorSettings, **_):
    settings.posting.enabled = False
    settings.persistence.finalizer = "ops.example.com/backup"


@kopf.on.create("ops.example.com", "v1", "backups", backoff=6)
def make_pod(spec, name, namespace, logger, **_):
    logger.info("backup of %s wanted, target %s", spec["claim"], spec["target"])
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"backup-{name}", "labels": {"app": "backup-runner"}},
        "spec": {
            "restartPolicy": "Never",
            "volumes": [{"name": "data", "hostPath": {"path": f"/srv/claims/{spec['claim']}"}}],
            "containers": [
                {
                    "name": "runner",
                    "image": "ops/backup-runner:3.4",
                    "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
                }
            ],
        },
    }
    kubernetes.config.load_kube_config()
    kubernetes.client.CoreV1Api().create_namespaced_pod(namespace, pod)
    logger.info("pod %s made", pod["metadata"]["name"])
