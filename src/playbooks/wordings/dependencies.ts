import { duration, outOfReach, tells, type Wording } from './wording';

const database =
  /\bdata ?bases?\b|\bdatasource\b|\bdb\b|-db\b|\bpostgres\w*|\bmysql\b|\bmariadb\b|\bmongo\w*|\bpg\b|\boracle\b|\bcassandra\b|\bclickhouse\b|\bcockroach\w*|\bsqlite\w*|\bsql\b|\binnodb\b|\bhikari\w*|\bjdbc\b/i;
const cache =
  /\bcaches?\b|\bcaching\b|\bredis\S*|\bvalkey\S*|\bmemcached?\b|\bhazelcast\S*|\bkey-value\b|\bsession store\b/i;
const broker =
  /\bbrokers?\b|\bkafka\b|\brabbit\w*|\bnats\b|\bamqps?\b|\b(?:message|event) bus\b|\bmqtt\b|\bmessaging\b|\bpulsar\b|\bqueue (?:endpoint|server)\b|\bproducer\b|\bpublish\w*|\bSQS\S*/i;
const unheld =
  /\bfile\b|\bmiss(?:es)?\b|\bread[- ]only\b|https?:\/\/|\bdial tcp\b|\bis full\b|\bno space\b|-connector\b|\bcache-\w{1,30}-\w|\bkafka-\w|-db-\w/i;

/** What databases, caches and brokers do not do for those that need them. */
export const ofDependencies: readonly Wording[] = [
  tells('port-exhausted', [
    /\baddress not available\b|\bEADDRNOTAVAIL\b|\bassign requested address\b/i,
  ]),
  tells('database-deadlock', [
    /\bdead ?lock\w*|\bmysql 1213\b|\bcyclic lock\b|\bmutual(?:ly)? block\w*|\block cycle\b/i,
    /\btransactions?\b|\bdata ?base\b|\bdb\b|\brows?\b|\bupdate\b|\bvictim\b|\brolled back\b|\btx\b|\btables?\b|\bpostgres\w*|\bmysql\b|\binnodb\b|\bsql\b|\binsert\b|\bindex\b|\bcommit\b|\bundone\b|\bsessions?\b|\bon [a-z]{1,30}_\w{1,60}\b/i,
  ]),
  tells(
    'database-locked',
    [
      /\block(?:s|ed|ing)?\b|\bSQLITE_BUSY\b|\block_timeout\b|\bis held\b|\bblocked by another (?:transaction|session)\b|\b1205\b/i,
      /\bdata ?base\b|\bdb\b|\.db\b|\btables?\b|\brows?\b|\bsqlite\w*|\btransactions?\b|\bupdate\b|\bsql\b|\bstatement\b|\bpostgres\w*|\bmysql\b|\binnodb\b|\bwrites?\b|\balter\b|\btruncate\b|\bselect\b|\binserts?\b|\bddl\b/i,
      /\bwait\w*|\bheld\b|\bholds?\b|\btime ?out\b|\btimed out\b|\bblock\w*|\bcould not\b|\bcan ?not\b|\bcan't\b|\bbusy\b|\bbehind\b|\bSQLITE_BUSY\b|\bgave up\b|\bcancel\w*|\breject\w*|\bnever got\b|\bsits on\b|\bit is locked\b|\bgiving up\b/i,
    ],
    /\bread-?only\b|\binvoice ?lock\b|\bmutex\b/i,
  ),
  tells(
    'database-connections-exhausted',
    [
      /\bconnections?\b|\bpool\b|\bslots?\b|\bsessions?\b|\bhandles?\b|\bprocesses limit\b/i,
      /\b(?:all|every)\b.{0,40}\b(?:busy|taken|in use|checked out|used|borrowed|gone|leased|held)\b|\btoo many\b|\bno (?:free|more|spare|idle)\b|\bexhausted\b|\bused up\b|\b(?:is|was|ran|runs|pool) (?:empty|dry|full)\b|\bmax(?:imum)?\b|\blimit\b|\bnone (?:left|free|to spare)\b|\bwaited\b.{0,40}\bfor an?\b|\blast connection\b|\b(?:can ?not|could not|can't) (?:lease|borrow|get|obtain|acquire)\b|\bidle=0\b|\b\d+ used, \d+ pending\b|\bcheckout of\b|\b\d+ out, limit\b|\bstarved\b/i,
      /\bdata ?base\b|\bdatasource\b|\bdb\b|\bpostgres\w*|\bmysql\b|\bmongo\w*|\bpg\w*\b|\bsql\b|\bjdbc\b|\bhikari\w*|\btx\b|\boracle\b|\bquer(?:y|ies)\b|\bpool "/i,
    ],
    /\bthreads?\b|\bworkers\b/i,
  ),
  tells(
    'database-auth',
    [
      database,
      /\bpasswords?\b|\blog ?in\b|\bcredentials?\b|\bauth(?:enticat\w*)?\b|\baccess denied\b|\broles?\b.{0,40}\bnot exist\b|\busers?\b.{0,60}\b(?:rejected|denied|unknown|not|lacks?)\b|\bnot (?:allowed|permitted) to\b|\bpg_hba\b|\bgrant\b/i,
      /\bwrong\b|\bfail\w*|\bden(?:y|ied|ies)\b|\breject\w*|\binvalid\b|\bnot\b|\bunknown\b|\brefus\w*|\black\w*|\bexpired\b|\bno such\b|n't\b/i,
    ],
    /\bnot found in\b|\bsecret\b|\bdirectory\b|\bsftp\b|\.pem\b|(?:^|\s)\/[\w.-]{1,60}\//i,
  ),
  tells(
    'database-slow-query',
    [
      /\bquer(?:y|ies)\b|\bselect\b|\bstatements?\b|\bscans?\b|\bsql\b|\bin the database\b|\bfull table\b|\baggregate\b|\bCOLLSCAN\b|\bmissing index\b|\bdb latency\b|\bjoin of\b/i,
      duration,
      /\btook\b|\bslow\w*|\bran (?:for )?\d|\bneed(?:s|ed)\b|\bafter\b|\btimed? ?out\b|\bcancel\w*|\bscan\w*|\brunning\b|\blong(?:er)?\b|\bkilled\b|\bbudget\b|\bdid not end\b|\babove\b|\bp99\b|\bgave up\b|\bgrant\b/i,
    ],
    /\b5\d\d (?:on|for)\b|\block\w*|\/v\d\/query\b/i,
  ),
  tells('broker-partitioned', [
    /\bpause_minority\b|\bunder-replicated\b|\bpartition \d+ of\b.{0,60}\bno leader\b/i,
  ]),
  tells(
    'broker-partitioned',
    [
      /\bbrokers?\b|\brabbit\w*|\bkafka\b|\bnats\b|\bcluster\b|\bmq[\w-]*|\bamqp\b|\bqueue nodes\b|\bquorum\b|\btopics?\b|\bleader for\b/i,
      /\bsplit[- ]?brain\b|\bpartitioned\b|\bsee each other\b|\btwo (?:leaders|halves|masters|controllers)\b|\bnetwork (?:partition|split)\b|\bno (?:quorum|leader)\b|\bhalves\b|\bisolated\b|\bin-sync\b|\bISR\b|\bminority\b|\bquorum\b.{0,30}\b(?:lost|gone|missing)\b|\blost (?:its )?quorum\b|\bcut off from\b|\bnot agree\b|\btorn\b|\bone side\b|\bleader\b.{0,30}\bunknown\b/i,
    ],
    /\betcd\b|\bapi ?server\b/i,
  ),
  tells(
    'consumer-lag',
    [
      /\blag(?:s|ging|ged)?\b|\bbehind\b|\bback ?log\b|\bpending\b|\bunread\b|\bunprocessed\b|\bpil(?:e|es|ed|ing) up\b|\bunconsumed\b|\bkeep\w* up\b|\bgrow\w*|\bunacked\b|\bhours late\b|\bdoubles\b|\bcannot follow\b|\bstale by\b|\btoo slow\b|\bnot fast enough\b/i,
      /\bconsumers?\b|\bqueues?\b|\btopics?\b|\bpartitions?\b|\bmessages?\b|\bevents?\b|\bstreams?\b|\boffsets?\b|\bmails? in queue\b|\breaders\b|\bprojection\b|\bevent log\b/i,
      /\d/,
    ],
    /\breplica(?:tion)?\b|\bstandby\b|\bclock\b|\bmigration|\bsplit\b|\bthrown away\b|\breached\b/i,
  ),
  tells('cache-unavailable', [cache, outOfReach], unheld),
  tells(
    'broker-unavailable',
    [broker, outOfReach],
    new RegExp(`${unheld.source}|\\bwebhook\\b`, 'i'),
  ),
  tells('database-unavailable', [database, outOfReach], unheld),
];
