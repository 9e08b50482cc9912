#!/bin/bash
# Starts a throw-away Linux machine and becomes its systemd: own processes, network, host name and
# control groups, over a copy-on-write view of this system that is gone when it stops.
# Usage: machine.sh SCRATCH-DIR RECORDER-DIR CACHE-DIR OUTPUT-DIR
set -euo pipefail
scratch=$1 recorder=$2 cache=$3 output=$4

for tree in cpu cpuacct cpuset memory devices freezer blkio pids systemd unified; do
  group=/sys/fs/cgroup/$tree/lxc/$(basename "$scratch")
  mkdir -p "$group"
  if [ $tree = cpuset ]; then
    for dir in "$(dirname "$group")" "$group"; do
      for file in cpuset.cpus cpuset.mems; do cat /sys/fs/cgroup/cpuset/$file >"$dir/$file"; done
    done
  fi
  echo $$ >"$group/cgroup.procs"
done

export scratch recorder cache output
exec unshare --mount --uts --net --pid --ipc --cgroup --fork --kill-child bash -c '
set -eu
mount --make-rprivate /
mount -t tmpfs -o size=3g tmpfs "$scratch"
mkdir "$scratch"/{upper,work,root}
root=$scratch/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 cgroup "$root/sys/fs/cgroup"
for tree in cpu cpuacct cpuset memory devices freezer blkio pids; do
  mkdir "$root/sys/fs/cgroup/$tree"
  mount -t cgroup -o $tree cgroup "$root/sys/fs/cgroup/$tree"
done
mkdir "$root"/sys/fs/cgroup/{systemd,unified}
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
mount -t tmpfs -o mode=755 dev "$root/dev"
for node in null zero full random urandom tty kmsg; do
  touch "$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root"/dev/{pts,shm}
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mkdir -p "$root"/run/recorder/{programs,cache,out} "$root/old"
mount --bind "$recorder" "$root/run/recorder/programs"
mount --bind "$cache" "$root/run/recorder/cache"
mount --bind "$output" "$root/run/recorder/out"
ip link set lo up
rm -rf "$root"/etc/systemd/system/*.wants "$root"/etc/resolv.conf
printf "127.0.0.1 localhost\n" >"$root/etc/hosts"
printf "nameserver 10.96.0.10\noptions timeout:1 attempts:1\n" >"$root/etc/resolv.conf"
mkdir -p "$root/etc/systemd/journald.conf.d"
printf "[Journal]\nStorage=volatile\nForwardToSyslog=no\nRateLimitBurst=0\n" \
  >"$root/etc/systemd/journald.conf.d/recorder.conf"
printf "[Unit]\nRequires=basic.target\nAfter=basic.target\n" \
  >"$root/etc/systemd/system/recorder.target"
rm -f "$root/etc/machine-id"
head -c 16 /dev/urandom | od -An -tx1 | tr -d " \n" >"$root/etc/machine-id"
cd "$root"
pivot_root . old
umount -l /old
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=recorder.target --log-target=journal --show-status=0
'
