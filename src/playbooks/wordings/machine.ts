import { path, tells, type Wording } from './wording';

const memory =
  /\bmemory\b|\b\d+(?:\.\d+)? ?G(?:B|iB)?\b.{0,10}$|\bRAM\b|\bOOM\b|\boom_kill|\bRSS\b/i;
const heap =
  /\bheap\b|\bold (?:generation|gen|space)\b|\bmetaspace\b|\bdirect buffers?\b|\bmanaged memory\b|\bGOMEMLIMIT\b|\bmemory of the process\b|\blive set\b|\bGC\b|\bgarbage collect/i;
const cpu = /\bcpu\b|\bcores?\b|\bprocessor\b|\bcfs\b|\bmillicores?\b/i;
const disk =
  /\b(?:disks?|discs?|drives?|volumes?|partitions?|file ?systems?|fs|storage|inodes?|scratch|spool|temp dir|tmpfs)\b/i;
const usedUp =
  /\bfull\b|\b(?:99|100) ?(?:%|percent)|\bfilled up\b|\b(?:ran|run|runs|running) out of\b|\bno (?:more )?(?:space|room|capacity|inodes|blocks|storage)\b|\bnothing left\b|\bout of (?:space|storage|room)\b|\b0(?:\.0)? ?(?:B|bytes?|KB|MB|GB|GiB)? (?:free|available|left|remain\w*)|\bfree space 0\b|\bused (?:all|up)\b|\bto the brim\b|\bis over\b|\bonly \d+ ?(?:B|bytes|KB|MB|KiB|MiB) (?:remain|left|free)|\bthere is 0/i;

const cannot =
  /\b(?:can ?not|could not|unable to|fail(?:ed|s)?|refuse[sd]?|will not|did not|does not|never|unsuccessful|timed out|stale|still held)\b|n't\b|\breturned \d|\bgave E[A-Z]+|\bsaid no\b|\bwrong fs type|\bbelongs already\b|\bis not mounted\b|\bwaiting since\b/i;

/** What a machine, a container or its files refuse. */
export const ofMachine: readonly Wording[] = [
  tells('oom-killed', [
    /\b(?:killed?|kills|shot|sacrificed|reaped|reaper|terminated|victim|SIGKILL|killer|died|taken down|took it|chosen|137)\b|\bsignal[= ]9\b|\s-9\b|\boom_kill\b|\boom flag\b|\bevicted from life\b|\bsigned=9\b|\bended abnormally\b/i,
    memory,
  ]),
  tells('read-only-filesystem', [/\bEROFS\b|\bread-?only ?root ?file ?system\b|\berrno 30\b/i]),
  tells(
    'read-only-filesystem',
    [
      /\bread[- ]?only\b|\bro\b|\bimmutable\b|\breads only\b|\btakes no writes\b/i,
      /\bfile ?system\b|\bfs\b|\bmount(?:ed)?\b|\bremounted\b|\bdisk\b|\broot\b|\bimage\b|(?:^|\s)\/\w/i,
    ],
    /\breplica\b|\bdatabase\b|\btransaction\b|\bstandby\b|\bslave\b|\bprimary\b/i,
  ),
  tells('fd-exhausted', [/\bE[MN]FILE\b/]),
  tells('fd-exhausted', [
    /\bfile (?:descriptors?|handles?)\b|\bfds?\b|\bopen files\b|\bdescriptors?\b|\bnofile\b|\bulimit\b|\bhandles\b|\bfiles? open\b/i,
    /\btoo many\b|\bexhausted\b|\blimit\b|\bno (?:more|free)\b|\bout of\b|\bused up\b|\bnone\b|\bleft\b|\bceiling\b|\ball\b|\bfull\b|\bis hit\b|\bno more\b|\btaken\b/i,
  ]),
  tells('port-exhausted', [
    /\bephemeral\b|\b(?:source|local|outgoing|outbound|client) ports?\b|\bSNAT\b|\bEADDRNOTAVAIL\b|\bassign requested address\b|\bport range\b|\bports? (?:available|free|used)\b|\bport free\b/i,
    /\bexhausted\b|\bno (?:free|more|spare)\b|\bno \w+ port free\b|\bzero ports\b|\bout of\b|\bused\b|\ball\b|\bnone\b|\bleft\b|\bTIME_WAIT\b|\bEADDRNOTAVAIL\b|\bassign requested\b|\bfull\b|\btaken\b/i,
  ]),
  tells('thread-exhausted', [
    /\bpthread_create returned 11\b|\bpids\.max hit\b|\bprocess table\b.{0,40}\bfull\b|\bout of (?:native )?threads\b/i,
  ]),
  tells('thread-exhausted', [
    /\bthreads?\b|\bthread ?pool\b|\bexecutor\b|\bpids?\b|\bfork\b|\bworker pool\b|\bworkers\b/i,
    /\b(?:can ?not|could not|can't|unable to|failed to) (?:\w+ ){0,2}(?:creat|start|spawn|fork|make|launch)\w*|\bexhausted\b|\bno (?:free|more|idle|spare)\b|\bEAGAIN\b|\bstarv\w+|\b(?:all|every)\b.{0,40}\b(?:busy|taken|in use|occupied|blocked|stuck)\b|\bnone (?:left|free|idle)\b|\blimit\b|\bused up\b|\bran out of\b|\bpool is full\b/i,
  ]),
  tells('port-in-use', [/\bEADDRINUSE\b/]),
  tells(
    'port-in-use',
    [
      /\bport\b|:\d{2,5}\b|\bbind\b|\blisten\w*|\baddress\b|\b(?:udp|tcp)\b|\b\d{4,5} is\b/i,
      /\bin use\b|\btaken\b|\bhas an owner\b|\bholds it\b|\bis busy\b|\berrno 98\b|\bstill sits on\b|\bconflict\b|\blet go\b|\boccupied\b|\balready (?:bound|used|has|listens|served)\b/i,
    ],
    /\bcert\w*|\brow\b|\bconflict at\b|\bdependenc\w+/i,
  ),
  tells('heap-exhausted', [/\bMemoryError\b|\bout of memory\b|\bOutOfMemory/i]),
  tells('heap-exhausted', [
    heap,
    /\bno (?:room|memory)\b|\bnothing (?:more|left)\b|\bfull\b|\b9\d(?:\.\d+)? ?%|\b100 ?%|\b(?:ran|run|runs) out\b|\bout of\b|\bfinished\b|\bgave up\b|\bused up\b|\bconsumed\b|\bceiling\b|\bno heap was left\b|\bnot enough\b|\brefused\b|\bfail\w*|\bdoes not fit\b|\bblown\b|\bexhausted\b/i,
  ]),
  tells('heap-exhausted', [
    /\ballocat\w+|\bgrow the\b|\bbuffer\b/i,
    /\b\d+ ?[KMG]i?B?\b|\bmemory\b|\bentries\b/i,
    /\bfail\w*|\bnothing more\b|\bcould not\b|\bused up\b|\bnot enough\b/i,
  ]),
  tells('cpu-throttled', [
    /\bthrottl\w* (?:ratio|\d+ times)\b|\bnr_throttled\b|\bthrottled_usec\b|\bburst credits\b/i,
  ]),
  tells('cpu-throttled', [
    cpu,
    /\bthrottl\w*|\bquota\b|\bceiling\b|\bcapp(?:ed|ing)\b|\bstarved\b|\bheld back\b|\bstolen\b|\bfrozen\b|\bput us to sleep\b|\bbandwidth\b|\bcap\b|\bbudget\b|\bgrants?\b|\bgave us\b|\bshare\b/i,
  ]),
  tells('disk-full', [/\bENOSPC\b|\bEDQUOT\b/]),
  tells(
    'disk-full',
    [disk, usedUp],
    /\bheap\b|\bmemory\b|\bconnections?\b|\bstorage (?:plan|quota|location)\b|\bof user\b|\bout of (?:range|stock)\b/i,
  ),
  tells('disk-full', [
    path,
    /\bnothing left\b|\bno (?:space|room)\b|\b(?:99|100) ?%|\b0 bytes\b|\bused all\b|\bis over\b|\bout of (?:space|storage)|\bfull\b|\bspace\b.*\b0/i,
  ]),
  tells('disk-full', [
    /\bspace\b|\bstorage\b|\bcapacity\b/i,
    /\bis over\b|\bout of\b|\bno\b|\b0 B\b|\bran out\b|\bused up\b/i,
    /\b(?:writ|sav|stor|persist|append|creat|upload|export|backup|snapshot|segment)\w*/i,
  ]),
  tells('volume-mount-failed', [
    /\bmount\w*|\bunmountable\b|\battach\w*|\bbound and\b|\bstage volume\b/i,
    cannot,
  ]),
  tells(
    'permission-denied',
    [
      /\bEACCES\b|\bEPERM\b|\berrno 13\b|\boperation not permitted\b|\bnot (?:allowed|permitted|accessible)\b|\bmay not\b|\black the rights\b|\baccess rights\b|\bno rights?\b|\bdenied\b|\brefused by kernel\b|\bblocked\b|\bcan't enter\b|\bwrong owner\b|\bowned by\b/i,
      /(?:^|[\s'"`(=])\/[\w.-]+|\bfiles?\b|\bdir(?:ectory)?\b|\bfolder\b|\bchmod\b|\bchown\b|\bsetuid\b|\bCAP_\w+|\bdevice\b|\bunlink\b|\bSELinux\b|\bAppArmor\b/i,
    ],
    /\bfor user \S|\buser \S{1,60} (?:tried|is not)\b|\bbucket\b|\btoken\b|\bhttp\b|\brole\b|\b40[13]\b|\bscope\b|\bapi\b/i,
  ),
];
