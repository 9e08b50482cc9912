import { askDescribe, askServiceLogs, place, podName, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';

/** The same error number also says that a kernel table is full, which is no disk. */
const kernelTable = /file watchers|inotify|semaphore|semget|shmget|\/dev\/shm/i;

/** A client of mail tells what the server it sent to answered. */
const ofTheRemote = /\bsaid: |\brelay=|SMTP\w{0,40}(?:Exception|Error|Refused)|Message failed: /i;

export const diskFull: Playbook = {
  category: 'disk-full',
  layer: 'origin',
  severity: 'critical',
  signals: [
    proof(/No space left on device/i, { weight: 0.85, unless: kernelTable }),
    proof(/\bENOSPC\b/i, { weight: 0.85, unless: kernelTable }),
    proof(/Disk quota exceeded|\bEDQUOT\b/i),
    proof(/database or disk is full|SQLITE_FULL/i, { weight: 0.85 }),
    proof(/There is not enough space on the disk/i),
    proof(/Disk is full writing|\(Errcode: 28\b|OS errno 28\b|os error 28\b/i, { weight: 0.85 }),
    proof(
      /(?:disk|filesystem|file system|volume|partition) (?:[\w/'"-]+ )?(?:is )?(?:completely )?full\b/i,
      {
        unless: /not full|fullscreen|full backup|(?:\d|[1-8]\d)% full/i,
      },
    ),
    fact(/flood[- ]stage (?:disk )?watermark|disk usage exceeded flood-stage watermark/i),
    fact(/(?:^|\s)100% +(?<path>\/\S*)$/i, { unless: /\/(?:snap|proc|sys)\b|loop\d|iso9660/i }),
    fact(/disk resource limit alarm set|Free disk space is insufficient/i, { calm: true }),
    proof(
      /\b(?:insufficient|not enough|too little) (?:free |available )?(?:disk |storage )?space\b|\bno (?:free|available|more|disk|storage) space\b|out of disk space/i,
      {
        weight: 0.8,
        unless:
          /in memory|buffer|cache|commit_memory|errno=12|swap|address space|color|name ?space|key ?space|white ?space|heap|table ?space/i,
      },
    ),
    proof(/(?:table|volume|tablespace) \S+ is full\b|errno:? 28\b|error number 28\b/i, {
      unless: kernelTable,
    }),
    // Mail servers, object stores
    proof(/\b452[ -]4\.3\.1 |Insufficient system storage/i, { unless: ofTheRemote }),
    fact(/minimum free drive threshold|XMinioStorageFull/i),
    fact(/(?:osd|pool)\(s\)[^\n]{0,40}\b(?:OSD|POOL)_FULL\b/i),
    fact(/\b(?:OSD|POOL)_FULL\b[^\n]{0,20}(?:osd|pool)\(s\)/i, { unless: /check cleared/i }),
    symptom(/high disk watermark/i),
    symptom(/(?:disk|volume) (?:usage|space)[^.]*(?:9[5-9]|100)(?:\.\d+)?%/i),
    symptom(/could not (?:write|extend)[^:]*file/i),
    // Elasticsearch takes no more writes once the disk passed its last mark
    proof(/FORBIDDEN\/12\/index read-only|\bread[-_]only[-_]allow[-_]delete block\b/i, {
      unless: /\breleasing\b/i,
    }),
    // etcd, whose own quota is its disk
    proof(
      /\bmvcc: database space exceeded|etcdserver: no space|\balarm["']?[=:] ?["']?NOSPACE\b/i,
      {
        weight: 0.9,
      },
    ),
    // Oracle, SQL Server, MongoDB, PostgreSQL, OrientDB
    proof(/\bORA-(?:00257|01653|01654|01652|01688|01691|01692|19809)\b/, { weight: 0.85 }),
    proof(
      /\bCould not allocate space for object '[^\n]{1,200}' filegroup is full|\bThe transaction log for database '[^']{1,120}' is full due to '/i,
      { weight: 0.85 },
    ),
    proof(/\bdisk space of \d+ bytes is less than required minimum of \d+/i, { weight: 0.9 }),
    proof(/\bcould not extend file "[^"]{1,200}": wrote only \d+ of \d+ bytes/i, { weight: 0.85 }),
    proof(/\bOLowDiskSpaceException\b/i, { weight: 0.9 }),
    // HDFS, NATS, Redis
    proof(/\bNameNode low on available disk space\b|\bDiskOutOfSpaceException\b/i, { weight: 0.9 }),
    proof(/\binsufficient storage resources available\b/i),
    proof(/\bShort write while writing to the AOF file\b/i, { weight: 0.85 }),
    // The kernel, of XFS and ext4
    fact(/\bReserve blocks depleted! Consider increasing reserve pool size/i, { weight: 0.8 }),
    fact(
      /\bDelayed block allocation failed for inode [^\n]{1,100} with error 28\b|\bTotal free blocks count 0$/i,
    ),
  ],
  recovery: [
    /disk space (?:was )?(?:freed|recovered|reclaimed)|releasing read-only-allow-delete block|watermark \[[^\]]{1,20}\] no longer exceeded|\balarm disarmed\b/i,
  ],
  keywords: ['disk', 'storage'],
  summary: (situation) => {
    const { path } = situation.facts;
    return `The disk that ${who(situation)} writes to is full${path ? ` (${path})` : ''}: nothing more can be written there.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows which volumes are mounted'),
    ...askServiceLogs(situation, 'shows what it was writing'),
  ],
  collect: (situation) => [
    `kubectl exec ${podName(situation)}${place(situation)} -- df -h`,
    `kubectl get pvc${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Free space or grow the volume. Growing a claim works in place where its StorageClass allows expansion; claim templates of a StatefulSet cannot be changed in place.',
    commands: [
      {
        title: 'See what is full',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- df -h`,
      },
      {
        title: 'See what takes the space',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'du -xh / 2>/dev/null | sort -h | tail -20'`,
      },
      { title: 'See the claims', command: `kubectl get pvc${place(situation)}` },
    ],
  }),
};
