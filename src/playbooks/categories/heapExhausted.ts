import { askDescribe, askPreviousLogs, describePod, place, podName, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';

export const heapExhausted: Playbook = {
  category: 'heap-exhausted',
  layer: 'origin',
  severity: 'critical',
  signals: [
    // GHC, Perl
    proof(
      /^(?:[\w./-]{1,60}: )?Heap exhausted;|Current maximum heap size is (?<limit>\d+) bytes/i,
      {
        weight: 0.9,
      },
    ),
    proof(/^Out of memory!$|^lua[\d.]*: not enough memory/i, { weight: 0.85 }),
    proof(/JavaScript heap out of memory/i, {
      weight: 0.9,
      facts: { heapOption: '--max-old-space-size' },
    }),
    proof(/Ineffective mark-compacts near heap limit|Reached heap limit Allocation failed/i, {
      facts: { heapOption: '--max-old-space-size' },
    }),
    proof(/ERR_WORKER_OUT_OF_MEMORY|Worker terminated due to reaching memory limit/i, {
      facts: { heapOption: '--max-old-space-size' },
    }),
    proof(
      /OutOfMemoryError: (?:Java heap space|GC overhead limit exceeded|Requested array size)/i,
      {
        weight: 0.9,
        facts: { heapOption: '-Xmx' },
      },
    ),
    proof(/OutOfMemoryError: (?:Compressed class space|Metaspace|PermGen)/i, {
      weight: 0.9,
      facts: { heapOption: '-XX:MaxMetaspaceSize' },
    }),
    proof(/OutOfMemoryError: (?:Direct buffer memory|Cannot reserve \d+ bytes of direct buffer)/i, {
      weight: 0.9,
      facts: { heapOption: '-XX:MaxDirectMemorySize' },
    }),
    proof(/Terminating due to java\.lang\.OutOfMemoryError/i),
    proof(/java\.lang\.OutOfMemoryError/i, {
      weight: 0.6,
      unless: /unable to create (?:new )?native thread|Container killed/i,
    }),
    proof(/Allowed memory size of (?<heapLimitBytes>\d+) bytes exhausted/i, {
      weight: 0.9,
      facts: { heapOption: 'memory_limit' },
    }),
    proof(/System\.OutOfMemoryException|InsufficientMemoryException/i, {
      facts: { heapOption: 'DOTNET_GCHeapHardLimit' },
    }),
    proof(/(?:^|\W|_Array)MemoryError(?:$|:| )/i, { unless: /except MemoryError/i }),
    proof(/failed to allocate memory \(NoMemoryError\)|\bNoMemoryError\b/i),
    proof(/fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)/i),
    proof(/memory allocation of \d+ bytes failed/i),
    proof(/Array buffer allocation failed|Unable to allocate \d[\d.]* [KMGT]iB for an array/i),
    proof(/\b(?:CUDA|HIP|MPS) out of memory\b|CUDA error: out of memory/i, { mechanism: 'gpu' }),
    proof(/\bstd::bad_alloc\b/i),
    // A server's own guard, before the heap itself runs out.
    proof(/Circuit_?Breaking_?Exception\b[^\n]{0,40}Data too large|\bMEMORY_LIMIT_EXCEEDED\b/i),
    proof(/Memory limit \([\w ]+\) exceeded: would use/i, { weight: 0.8 }),
    proof(/eheap_alloc: Cannot (?:re)?allocate \d+ bytes/i),
    symptom(/GC overhead|Full GC \((?:Ergonomics|Allocation Failure)\)/i),
    symptom(/OOM command not allowed when used memory/i, { weight: 0.45 }),
    proof(/OutOfDirectMemoryError: failed to (?:allocate|reserve) \d+ byte/i, {
      weight: 0.9,
      facts: { heapOption: '-Dio.netty.maxDirectMemory' },
    }),
    // PostgreSQL, which says how much on the line below; MySQL
    proof(/Failed on request of size \d+|\bOut of memory \(Needed \d+ bytes\)/i),
    proof(/insufficient memory for the Java Runtime Environment/i, { weight: 0.85 }),
    // ENOMEM: the system itself has none left to give
    proof(/\bCannot allocate memory\b|\bENOMEM\b/i, {
      weight: 0.65,
      unless: /oom-kill|\block (?:JVM )?memory|mlock|large ?pages|huge ?pages/i,
    }),
    // Redis, RabbitMQ, Trino, pm2
    proof(/\bOut Of Memory allocating \d+ bytes/i, { weight: 0.9 }),
    fact(/\bvm_memory_high_watermark set\. Memory used:/i, { weight: 0.85, calm: true }),
    proof(/\bQuery exceeded (?:per-node|distributed) [\w ]{0,30}memory limit of/i),
    proof(/\bProcess \d+ restarted because it exceeds --max-memory-restart value/i, {
      weight: 0.85,
      calm: true,
    }),
    // V8 and the JVM, shortly before the end
    proof(/<--- Last few GCs --->/i, {
      weight: 0.8,
      facts: { heapOption: '--max-old-space-size' },
    }),
    proof(/\bos::commit_memory\([^)\n]{1,80}\) failed; error='(?:Not enough space|Cannot alloc)/i, {
      weight: 0.75,
    }),
    proof(/\[gc\]\[old\]\[\d+\]\[\d+\] duration \[(?:\d\d[\d.]{0,6}s|[\d.]{1,6}m)\]/i, {
      weight: 0.65, // Elasticsearch
      facts: { heapOption: '-Xmx' },
    }),
  ],
  extract: [
    /--max[-_]old[-_]space[-_]size=(?<heapMegabytes>\d+)/i,
    /-Xmx(?<heapSize>\d+[kmg]?)\b/i,
    /-XX:(?<heapPercentage>MaxRAMPercentage)=\d/i,
  ],
  recovery: [/\bvm_memory_high_watermark clear\w*\b/i],
  keywords: ['memory', 'heap'],
  summary: (situation) => {
    const { heapOption, heapLimitBytes } = situation.facts;
    const limit = heapLimitBytes ? ` of ${Math.round(heapLimitBytes / 2 ** 20)} MiB` : '';
    const option = heapOption ? ` (${heapOption})` : '';
    return `${who(situation)} filled the heap${limit} that its own runtime allows${option} and gave up; the container's memory limit was not what stopped it.`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows the runtime’s last words and its heap options'),
    ...askDescribe(situation, 'shows the memory limit beside the heap limit'),
  ],
  collect: (situation) => [
    describePod(situation),
    `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'echo $NODE_OPTIONS $JAVA_TOOL_OPTIONS'`,
  ],
  advice: (situation) => ({
    summary: `Raise the heap limit${situation.facts.heapOption ? ` (${situation.facts.heapOption})` : ''} where it is set, within 75% of the container's memory limit, or find what holds the memory.`,
    commands: [
      {
        title: 'See the runtime options that are set',
        command: `kubectl exec ${podName(situation)}${place(situation)} -- sh -c 'echo $NODE_OPTIONS $JAVA_TOOL_OPTIONS $JAVA_OPTS'`,
      },
      { title: 'See the container’s memory limit', command: describePod(situation) },
    ],
  }),
};
