# Sourced by every recorder: `record_all "$0" "$@"` runs each of its functions named case_* in a
# machine of its own and keeps what it left in /run/recorder/out as one case.
# Usage of a recorder: RECORDER.sh [-o CASES-DIR] [CASE-ID…]
set -euo pipefail

record_all() {
  local script=$1 programs cache cases wanted name id
  shift
  programs=$(cd "$(dirname "$script")" && pwd)
  cache=${RECORD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/war-room-record}
  cases=$(cd "$programs/../../cases" && pwd)
  if [ "${1:-}" = -o ]; then
    mkdir -p "$2"
    cases=$(cd "$2" && pwd)
    shift 2
  fi
  wanted=" $* "
  for name in $(declare -F | awk '{print $3}' | grep '^case_'); do
    id=${name#case_}
    id=${id//_/-}
    if [ "$wanted" = '  ' ] || [[ $wanted == *" $id "* ]]; then
      record_one "$script" "$programs" "$cache" "$cases" "$name" "$id" || echo "FAILED $id" >&2
    fi
  done
}

record_one() {
  local script=$1 programs=$2 cache=$3 cases=$4 name=$5 id=$6
  local scratch out machine init status=0
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/machine-XXXXXX")
  out=$(mktemp -d "${TMPDIR:-/tmp}/record-XXXXXX")
  chmod 755 "$out"
  bash "$programs/lib/machine.sh" "$scratch" "$programs" "$cache" "$out" &
  machine=$!
  init=$(wait_for_init "$machine")
  timeout -k 5 300 nsenter -t "$init" --all -r -w -- env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/go/bin \
    HOME=/srv LANG=C.UTF-8 bash -c '
      cd /
      until systemctl is-active -q basic.target 2>/dev/null; do sleep 0.2; done
      . /run/recorder/programs/lib/inside.sh
      . "/run/recorder/programs/$1"
      "$2" || true' bash "$(basename "$script")" "$name" </dev/null || status=$?
  kill -KILL "$init" "$machine" 2>/dev/null || true
  wait "$machine" 2>/dev/null || true
  rm -rf "$scratch"
  find /sys/fs/cgroup/*/lxc/"$(basename "$scratch")" -depth -type d -exec rmdir {} + 2>/dev/null || true
  if [ $status -eq 0 ]; then
    node "$programs/lib/finish.mjs" "$out" "$cases/$id" "$(basename "$script")" || status=$?
  fi
  if [ -z "${KEEP:-}" ]; then rm -rf "$out"; else echo "kept $out"; fi
  return $status
}

# The machine's first process, seen from here: the child of the `unshare` that machine.sh became.
wait_for_init() {
  local child _
  for _ in $(seq 100); do
    child=$(cat "/proc/$1/task/$1/children" 2>/dev/null || true)
    child=${child// /}
    if [ -n "$child" ] && [ "$(cat "/proc/$child/comm" 2>/dev/null)" = systemd ]; then
      echo "$child"
      return
    fi
    sleep 0.1
  done
  echo 'the machine did not start' >&2
  return 1
}
