#!/bin/bash
# skopeo, buildah and restic: tools of pipelines that carry images and backups.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# registry: Docker's own with a user and a password, as images.example.com:5000, which holds tools/base:1.
registry() {
  address 10.0.7.70 images.example.com
  mkdir -p /srv/registry /etc/containers /root/.config
  htpasswd -Bbn deployer right >/srv/htpasswd 2>/dev/null
  printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: /srv/registry } }\nhttp: { addr: "10.0.7.70:5000" }\nauth: { htpasswd: { realm: images, path: /srv/htpasswd } }\n' >/srv/registry.yml
  docker-registry serve /srv/registry.yml >/dev/null 2>&1 & registry_process=$!
  echo '{"default":[{"type":"insecureAcceptAnything"}]}' >/etc/containers/policy.json
  printf '[[registry]]\nlocation = "images.example.com:5000"\ninsecure = true\n' >/etc/containers/registries.conf
  local _
  for _ in $(seq 50); do curl -s -o /dev/null http://images.example.com:5000/v2/ && break; sleep 0.2; done
  mkdir -p /srv/image && cd /srv/image || exit 1
  printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}' >config
  local digest size
  digest=$(sha256sum config | cut -d' ' -f1) size=$(stat -c %s config)
  mkdir -p /srv/dir && cp config "/srv/dir/$digest" && printf 'Directory Transport Version: 1.1\n' >/srv/dir/version
  printf '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%s,"digest":"sha256:%s"},"layers":[]}' "$size" "$digest" >/srv/dir/manifest.json
  skopeo copy -q --dest-creds deployer:right dir:/srv/dir docker://images.example.com:5000/tools/base:1
}

case_image_unauthorized_skopeo_mirror() {
  about <<'JSON'
{ "category": "image-unauthorized", "app": null, "log": "mirror.log",
  "proof": ["unauthorized: authentication required"],
  "program": "skopeo 1.9, docker-registry 2.8", "form": "application-log", "hides": "level=fatal, attempts failed, 0 of 3 images mirrored", "split": "held-out",
  "why": "The mirror job uses a password that the registry does not take any more." }
JSON
  host mirror-1
  registry
  {
    echo "mirror: 3 images to /srv/mirror, user deployer"
    for image in tools/base:1 tools/lint:4 shop/cart:2.2; do
      for try in 1 2; do
        echo "mirror: $image try $try"
        skopeo copy --src-creds deployer:left "docker://images.example.com:5000/$image" "dir:/srv/mirror-${image//[\/:]/-}" && break
        sleep 0.5
      done || echo "mirror: $image: attempts failed, the copy of yesterday stays"
    done
    echo "mirror: 0 of 3 images mirrored"
  } >"$evidence/mirror.log" 2>&1
}

case_image_unauthorized_buildah_base() {
  about <<'JSON'
{ "category": "image-unauthorized", "app": null, "log": "build.log",
  "proof": ["unauthorized: authentication required"],
  "program": "buildah 1.28, docker-registry 2.8", "form": "application-log", "hides": "error building at STEP, exit status 125", "split": "held-out",
  "why": "The build runner is not logged in at the registry that holds the base image." }
JSON
  host runner-4
  registry
  mkdir -p /srv/build && cd /srv/build || exit 1
  printf 'FROM images.example.com:5000/tools/base:1\nCOPY app /app\nCMD ["/app"]\n' >Containerfile
  echo run >app
  {
    echo '$ buildah --version'; buildah --version
    echo '$ buildah build --layers -t shop/cart:2.3 .'
    STORAGE_DRIVER=vfs buildah build --isolation chroot --layers -t shop/cart:2.3 .
    code=$?
    echo "Cleaning up project directory and file based variables"
    echo "ERROR: Job failed: exit status $code"
  } >"$evidence/build.log" 2>&1
}

case_docker_unreachable_skopeo_daemon() {
  about <<'JSON'
{ "category": "docker-unreachable", "app": null, "log": "publish.log",
  "proof": ["Cannot connect to the Docker daemon at unix:///var/run/docker.sock"],
  "program": "skopeo 1.9", "form": "application-log", "hides": "level=fatal msg=\"initializing source docker-daemon\", publish failed", "split": "held-out",
  "why": "Images are taken out of the host's Docker engine, which is not running." }
JSON
  host runner-6
  registry
  {
    echo "publish: release 41, from the engine of this host to images.example.com:5000"
    for image in cart web; do
      for try in 1 2 3; do
        echo "publish: shop/$image:2.3 ($try/3)"
        skopeo copy --dest-creds deployer:right "docker-daemon:shop/$image:2.3" "docker://images.example.com:5000/shop/$image:2.3" && break
        sleep 0.4
      done || echo "publish: shop/$image:2.3 not published"
    done
    echo "publish: done, 2 failed"
  } >"$evidence/publish.log" 2>&1
}

case_image_not_found_skopeo_tag() {
  about <<'JSON'
{ "category": "image-not-found", "app": null, "log": "promote.log",
  "proof": ["manifest unknown"],
  "program": "skopeo 1.9, docker-registry 2.8", "form": "application-log", "hides": "level=fatal, Error reading manifest, promotion stopped", "split": "held-out",
  "why": "The tag that shall be promoted was never pushed; user and registry are right, as the image before shows." }
JSON
  host runner-8
  registry
  {
    for image in tools/base:1 tools/base:1.1; do
      echo "promote: $image to stable"
      skopeo copy --src-creds deployer:right --dest-creds deployer:right "docker://images.example.com:5000/$image" "docker://images.example.com:5000/stable/${image##*/}" || { echo "promote: stopped at $image"; break; }
    done
  } >"$evidence/promote.log" 2>&1
}

case_image_registry_unreachable_skopeo_sync() {
  about <<'JSON'
{ "category": "image-registry-unreachable", "app": null, "log": "sync.log",
  "proof": ["pinging container registry images.example.com:5000", "connect: connection refused"],
  "program": "skopeo 1.9, docker-registry 2.8", "form": "application-log", "hides": "level=fatal, 1 of 3 images synced", "split": "held-out",
  "why": "The registry went away between two images: its name resolves and nothing listens there." }
JSON
  host mirror-5
  registry
  {
    echo "sync: 3 images, user deployer"
    n=0
    for image in tools/base:1 tools/lint:4 shop/cart:2.2; do
      echo "sync: $image"
      skopeo copy --src-creds deployer:right "docker://images.example.com:5000/$image" "dir:/srv/sync-${image//[\/:]/-}" && n=$((n + 1))
      kill $registry_process 2>/dev/null
      sleep 0.6
    done
    echo "sync: $n of 3 images synced"
  } >"$evidence/sync.log" 2>&1
}

repository() { export RESTIC_PASSWORD=pw RESTIC_REPOSITORY=$1 RESTIC_CACHE_DIR=/tmp/cache RESTIC_PROGRESS_FPS=0.1; restic init; }

case_disk_full_restic_target() {
  about <<'JSON'
{ "category": "disk-full", "app": null, "log": "backup.log",
  "proof": ["no space left on device"],
  "program": "restic 0.14", "form": "application-log", "hides": "Save(<data/…>) returned error, retrying after, Fatal: unable to save snapshot", "split": "held-out",
  "why": "The disk that the backup is written to is full." }
JSON
  host backup-1
  mkdir -p /srv/photos && for n in $(seq 30); do head -c 900000 /dev/urandom >/srv/photos/$n.jpg; done
  tiny /mnt/backup 12m
  {
    repository /mnt/backup/repo
    echo "backup: starting $(date -Is)"
    timeout 20 restic backup --verbose /srv/photos
    echo "backup: finished with status $?"
  } >"$evidence/backup.log" 2>&1
}

case_no_incident_restic_files_changed() {
  about <<'JSON'
{ "category": "no-incident", "app": null, "log": "backup.log", "proof": [],
  "program": "restic 0.14", "form": "application-log", "hides": "using parent snapshot, removed stale lock, 0 errors", "split": "held-out",
  "why": "A lock of a killed run was taken away, then backup, forget, prune and check all ended without an error." }
JSON
  host backup-3
  mkdir -p /srv/notes && for n in $(seq 12); do head -c 60000 /dev/urandom >/srv/notes/$n.txt; done
  {
    repository /mnt/backup
    for n in 1 2 3; do
      echo "== backup $n $(date -Is)"
      [ $n = 2 ] && { restic backup --quiet --stdin < <(sleep 20) & sleep 3; kill -KILL $!; restic unlock; }
      date >/srv/notes/error-$n.log
      restic backup --verbose /srv/notes
      echo "status $?"
    done
    restic forget --keep-last 2 --prune
    restic check
    echo "status $?"
  } >"$evidence/backup.log" 2>/dev/null
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
