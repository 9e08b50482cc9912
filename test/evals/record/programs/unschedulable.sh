#!/bin/bash
# unschedulable-resources and unschedulable-constraints: jobs that Slurm can run on no node.
. "$(dirname "${BASH_SOURCE[0]}")/lib/record.sh" 2>/dev/null

# slurm_cluster NODE-LINE…: a controller and one real node with the name of this machine; further
# lines of slurm.conf are given. The controller's log is /var/log/slurmctld.log.
slurm_cluster() {
  # Slurm resolves names only where there is an address that is not a loopback one.
  sed -i '/^127.0.1.1 /d' /etc/hosts
  address 10.0.9.1 "$(hostname)"
  install -d -o munge -g munge -m 700 /var/lib/munge /etc/munge /var/log/munge
  install -d -o munge -g munge -m 755 /run/munge
  head -c 128 /dev/urandom >/etc/munge/munge.key
  chown munge /etc/munge/munge.key && chmod 400 /etc/munge/munge.key
  setpriv --reuid munge --regid munge --clear-groups munged
  mkdir -p /etc/slurm /var/spool/slurm/{ctld,d} /run/slurm
  {
    echo "ClusterName=render
SlurmctldHost=$(hostname)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=1,sched_interval=2
ReturnToService=2
StateSaveLocation=/var/spool/slurm/ctld
SlurmdSpoolDir=/var/spool/slurm/d
SlurmctldPidFile=/run/slurm/ctld.pid
SlurmdPidFile=/run/slurm/d.pid
SlurmctldLogFile=/var/log/slurmctld.log
SlurmdLogFile=/var/log/slurmd.log
SlurmctldDebug=verbose"
    printf '%s\n' "$@"
  } >/etc/slurm/slurm.conf
  slurmctld
  slurmd
  for _ in $(seq 100); do timeout 3 sinfo -h -o %T 2>/dev/null | grep -q idle && return; sleep 0.3; done
  echo 'the node did not come up' >&2
  return 1
}

# batch NAME SECONDS [sbatch arguments…]: a job that works for so long.
batch() {
  local name=$1 seconds=$2
  shift 2
  printf '#!/bin/bash\nsleep %s\necho frame done\n' "$seconds" >"/srv/$name.sh"
  sbatch --job-name="$name" --output="/srv/$name-%j.out" "$@" "/srv/$name.sh" 2>&1
}

case_unschedulable_resources_render_slurm_memory() {
  about <<'JSON'
{ "category": "unschedulable-resources", "app": "render-frames", "log": "submit.log",
  "proof": ["Memory specification can not be satisfied", "Requested node configuration is not available"],
  "program": "slurm 22.05", "form": "application-log", "hides": "Batch job submission failed",
  "split": "tune",
  "why": "The job asks for 96 GB of memory on a node, and the nodes have 4 GB." }
JSON
  host render-1
  slurm_cluster "NodeName=$(hostname) CPUs=2 RealMemory=4000 State=UNKNOWN" \
    'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
  batch preview 1 --mem=500 >/dev/null
  sleep 4
  {
    echo '[22:00:01] nightly render, 120 frames'
    echo '[22:00:01] sbatch --job-name=render-frames --mem=96G --array=1-120 render-frames.sh'
    batch render-frames 5 --mem=96G --array=1-120
    echo '[22:00:02] ERROR: nightly render was not queued, exit code 1'
  } >"$evidence/submit.log"
  sleep 2
  cp /var/log/slurmctld.log "$evidence/slurmctld.log"
  sinfo -N -l >"$evidence/nodes.txt"
}

case_unschedulable_resources_simulation_slurm_queue() {
  about <<'JSON'
{ "category": "unschedulable-resources", "app": "simulation", "log": "job.txt",
  "proof": ["Reason=Resources", "(Resources)"],
  "program": "slurm 22.05", "form": "events", "hides": "PENDING",
  "split": "held-out",
  "why": "Another job holds all CPUs of the only node for a day, so the simulation waits for resources." }
JSON
  host sim-1
  slurm_cluster "NodeName=$(hostname) CPUs=2 RealMemory=4000 State=UNKNOWN" \
    'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
  batch training 86400 -n 2 --mem=1000 --time=1-00:00:00 >/dev/null
  sleep 3
  batch simulation 60 -n 2 --mem=1000 --time=02:00:00 >/dev/null
  for _ in $(seq 60); do squeue | grep -q '(Resources)' && break; sleep 1; done
  scontrol show job "$(squeue -h -n simulation -o %i)" >"$evidence/job.txt"
  squeue >"$evidence/squeue.txt"
  sinfo -N -l >"$evidence/nodes.txt"
}

case_unschedulable_constraints_training_slurm_feature() {
  about <<'JSON'
{ "category": "unschedulable-constraints", "app": "training", "log": "submit.log",
  "proof": ["Invalid feature specification"],
  "program": "slurm 22.05", "form": "application-log", "hides": "Batch job submission failed",
  "split": "tune",
  "why": "The job may only run on nodes with the feature a100, and no node of the cluster has it." }
JSON
  host gpu-1
  slurm_cluster "NodeName=$(hostname) CPUs=2 RealMemory=4000 Feature=skylake,ssd State=UNKNOWN" \
    'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
  batch evaluation 1 --constraint=ssd >/dev/null
  sleep 4
  {
    echo '[06:15:00] sbatch --job-name=training --constraint=a100 training.sh'
    batch training 60 --constraint=a100
    echo '[06:15:00] ERROR: training was not queued, exit code 1'
  } >"$evidence/submit.log"
  sleep 2
  cp /var/log/slurmctld.log "$evidence/slurmctld.log"
  sinfo -o '%N %c %m %f %T' >"$evidence/nodes.txt"
}

case_unschedulable_constraints_encode_slurm_bad_constraints() {
  about <<'JSON'
{ "category": "unschedulable-constraints", "app": "encode", "log": "job.txt",
  "proof": ["BadConstraints"],
  "program": "slurm 22.05", "form": "events", "hides": "PENDING",
  "split": "held-out",
  "why": "The node lost its feature avx512 while the job waited; no node fits what the job demands." }
JSON
  host media-1
  slurm_cluster "NodeName=$(hostname) CPUs=2 RealMemory=4000 Feature=avx512 State=UNKNOWN" \
    'PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP'
  batch thumbnails 20 -n 2 >/dev/null
  sleep 2
  batch encode 60 -n 2 --constraint=avx512 >/dev/null
  scontrol update nodename="$(hostname)" availablefeatures=none activefeatures=none
  for _ in $(seq 90); do squeue | grep -q BadConstraints && break; sleep 1; done
  scontrol show job "$(squeue -h -n encode -o %i)" >"$evidence/job.txt"
  squeue >"$evidence/squeue.txt"
  tail -n 40 /var/log/slurmctld.log >"$evidence/slurmctld.log"
}

[ "${BASH_SOURCE[0]}" != "$0" ] || record_all "$0" "$@"
