import { ofCaller } from './business';
import { duration, tells, type Wording } from './wording';

const cert =
  /\bcert\w*|\bx509\b|\bmTLS\b|\bCERT_|\bPKIX\b|\bTLS\b|\bCAs?\b|\btruststore\b|\bspiffe\b|\bERR_TLS|\bALTNAME\b|\bLEAF_SIGNATURE\b/i;
const otherCertificates =
  /\bcertificates? of\b(?! (?:the )?(?:somebody|another|\S+\.|ca\b))|\bcert\w*\.pdf\b|\bcustomer cert\w*|\bunknown (?:key|option|field)\b/i;
const ofOneself =
  /\b(?:users?|visitors?|browsers?|customers?|clients?) (?:\S+ )?(?:closed|hung up|left|went|dropped|aborted|cancel)/i;

/** What is wrong with certificates. */
export const ofCertificates: readonly Wording[] = [
  tells(
    'tls-name-mismatch',
    [
      cert,
      /\bmismatch\b|\bALTNAME\b|\bis (?:issued )?for\b|\bbelongs to\b|\bnot for\b|\bsomebody else\b|\bno IP\b|\bisn't the one\b|\bstill says\b|\bcommon name\b|\bwrong certificate\b|\brather than\b|\bexpected spiffe\b|\bdoes not (?:cover|name|list|match)\b|\bit names\b|\bother (?:host|name)\b/i,
    ],
    otherCertificates,
  ),
  tells(
    'tls-expired',
    [
      cert,
      /\bexpire[sd]?\b|\bexpiry\b|\bEXPIRED\b|\blapsed\b|\bran out\b|\bnot valid any ?more\b|\bno longer valid\b|\bout of date\b|\bover validity\b|\bvalidity ended\b|\boutlived\b|\bstale\b|\bnobody renewed\b|\bpast its\b|\bvalid (?:through|until|till)\b|\bnot yet valid\b/i,
    ],
    otherCertificates,
  ),
  tells(
    'tls-untrusted',
    [
      /\bcert\w*|\bx509\b|\bPKIX\b|\bTLS\b|\bCAs?\b|\btruststore\b|\bLEAF_SIGNATURE\b|\bsigned by\b|\bissuer\b|\bself[- ]signed\b/i,
      /\buntrusted\b|\bunknown[ _](?:authority|ca|issuer)\b|\bnot know the CA\b|\bself[- ]signed\b|\bnot in our\b|\bno valid path\b|\bhomemade\b|\bUNABLE_TO_VERIFY|\btrust\w*|\blocal issuer\b|\bvouch\w*|\bpinned\b|\bverify\b|\bunknown\b/i,
    ],
    otherCertificates,
  ),
];

/** What happens between programs. */
export const ofNetwork: readonly Wording[] = [
  tells(
    'dns-failure',
    [
      /\bresolv(?:e|es|ed|er|ers|ing)\b|\bDNS\b|\blook ?up\b|\bENOTFOUND\b|\bEAI_AGAIN\b|\bnameservers?\b|\bSERVFAIL\b|\bNXDOMAIN\b|\bno A record\b|\bname or service not known\b|\binto an (?:IP|address)\b|\bdomain\b/i,
      /\b(?:no|not|nothing|silent|cannot|never|gave up|SERVFAIL|ENOTFOUND|EAI_AGAIN|NXDOMAIN)\b|n't\b|\bfail\w*|\btimed out\b/i,
    ],
    /\bconflict|\bmerge\b|\bdependenc|\bsymbol\b|KeyRef\b|\$\{|\bmodule\b|\bplaceholder\b|\bsecret\b|\b(?:address|tenant|geo|user|customer|price) lookup\b|\bcoordinate\b|\bdomain expert\b/i,
  ),
  tells('no-endpoints', [
    /\bpool\b|\bupstreams?\b|\bbackends?\b|\binstances?\b|\bmembers?\b|\breplicas?\b|\bendpoints?\b|\btargets?\b|\bregistry\b|\bdiscovery\b|\brouting table\b|\bsubchannel\b|\bselector\b|\bload balancer\b|\broute to\b|\bconsul\b|\bservice\b/i,
    /\bnobody healthy\b|\bis empty\b|\bempty (?:list|set|pool)\b|\bempty instance\b|\bejected\b|\bno usable\b|\bnot one (?:replica|instance|pod)\b|\bout of rotation\b|\bmatches no\b|\bwithout targets\b|\bno passing\b|\bnowhere\b|\bnothing to pick\b|\bnone (?:is )?(?:healthy|alive|left|available|ready)\b|\b0\/\d+\b|\bno (?:healthy|live|ready) \w+/i,
  ]),
  tells(
    'upstream-5xx',
    [
      /\b50[0234]s?\b(?![.,]\d)|\b5xx\b|\bbad gateway\b|\binternal server error\b/i,
      /\banswer\w*|\bgave\b|\bgives?\b|\bgot\b|\brepl(?:y|ies|ied)\b|\breturn\w*|\bfrom\b|\brespon\w+|\bstatus\b|\bfell over\b|\basking\b|\bcode\b|\bbackend\b/i,
    ],
    /\b(?:method|path|url|uri)=|(?:^|")(?:GET|POST|PUT|DELETE|PATCH|HEAD)\b/,
  ),
  tells(
    'rate-limited',
    [
      /\b429\b|\brate[- ]?limit\w*|\bslow(?:ing)? down\b|\btoo many (?:requests|calls)\b|\brequests? (?:per|a) (?:second|minute|hour|day)\b/i,
    ],
    ofCaller,
  ),
  tells(
    'rate-limited',
    [
      /\bquota\b|\ballowance\b|\bcalls?\b|\bcredits?\b|\bthrottl\w+|\bOVER_QUERY_LIMIT\b|\bburst\b|\bper second\b|\bpull rate\b/i,
      /\bused up\b|\bexceeded\b|\bexhausted\b|\bspent\b|\bover\b|\bno more\b|\bper (?:second|minute|hour|day|month)\b|\bby (?:the )?(?:provider|partner|vendor|api)\b|\btoday\b|\bback ?off\b|\btoo often\b|\bexceeds?\b|\bremaining calls 0\b|\bconsumed\b|\blimit\b|\bcome back in\b/i,
    ],
    new RegExp(
      `${ofCaller.source}|\\bcpu\\b|\\bdisk\\b|\\bmemory\\b|\\bnamespace\\b|\\bpods?\\b|\\bcores?\\b|\\bstorage\\b`,
      'i',
    ),
  ),
  tells('forbidden-rbac', [
    /\brbac\b|\bservice ?account\b/i,
    /\b(?:can ?not|can't|may not|not allowed to) (?:get|list|watch|create|patch|update|delete)\b/i,
    /\b(?:pods|deployments|secrets|configmaps|nodes|jobs|services|namespaces?)\b/i,
  ]),
  tells(
    'unauthorized',
    [
      /\b401\b|\btokens?\b|\bbearer\b|\bcredentials?\b|\bJWT\b|\bpasswords?\b|\bapi (?:secret|key)\b|\blog ?in\b|\bsign in\b|\bbind as\b|\bauthenticat\w*/i,
      /\bnot (?:be )?(?:accept\w*|valid|authenticated|verified)\b|\bexpired\b|\bwrong\b|\binvalid\b|\breject\w+|\bturned down\b|\bno good\b|\bstale\b|\bfail\w*|\bunknown\b|\b401\b|\brevoked\b|\bdid not accept\b|\bcould not log in\b/i,
    ],
    new RegExp(
      `${ofCaller.source}|\\bdatabase\\b|\\bpostgres|\\bmysql\\b|\\bmongo|\\bredis\\b|\\bvoucher\\b`,
      'i',
    ),
  ),
  tells(
    'forbidden',
    [
      /\b403\b|\bnot (?:permitted|allowed|entitled)\b|\bden(?:y|ies|ied)\b|\black(?:s|ing)?\b|\bis missing \w+:\w+|\b(?:can ?not|can't) (?:list|patch|get|create|delete|read|write)\b|\bmay not\b|\bwithout the needed\b|\bdoes not include\b|\bAccessDenied\b/i,
      /\broles?\b|\baccount\b|\bbucket\b|\bscopes?\b|\bgrants?\b|\bplan\b|\btoken\b|\badmin\b|\bIAM\b|\brbac\b|\b403\b|\bpolicy\b|\bpermissions?\b|\btenant\b/i,
    ],
    /\badmission\b|\bwebhook\b|\bnamespace quota\b|\bwe answered 403\b|\buser \d+ has no\b/i,
  ),
  tells(
    'connection-refused',
    [
      /\bECONNREFUSED\b|\berrno 111\b|\bnot accepting connections\b|\b(?:refuse[sd]|rejected|turned down|closed|won't take)\b.{0,30}\b(?:connect\w*|dial\w*|tcp|port|SYN|our call)\b|\b(?:connect\w*|dial\w*|tcp|port|our call)\b.{0,40}\b(?:refus\w+|rejected|turned down|is closed|closed\))|:\d{2,5}\b.{0,20}\(?refused|\bno process behind\b|\bnobody listens\b|\bkernel refuses the SYN\b|\bwon't take the connection\b/i,
    ],
    /\bpool\b|\bmiddle\b|\bconnection between\b|\bbefore the response\b|\bidle\b|\blogin\b|\bpassword\b/i,
  ),
  tells(
    'connection-reset',
    [
      /\bhung up\b|\bhang up\b|\bbroken pipe\b|\bclosed on us\b|\bunexpected EOF\b|\b(?:dropped|cut|lost) (?:the|our) (?:line|connection|call)\b|\baborted by (?:them|peer|the)\b|\bEPIPE\b|\bECONNRESET\b|\bpremature(?:ly)? close\w*|\bbroke off\b|\b(?:connection|link|peer|stream) (?:was )?reset\b|\bgone when reused\b|\breset by\b|\bin the middle of (?:its |the |our )?(?:stream|response|reply|transfer|answer|body|request|download|upload|call|read|write)\b/i,
    ],
    ofOneself,
  ),
  tells(
    'connection-timeout',
    [
      /\bno (?:answer|response|reply|SYN-ACK)\b|\b(?:did|does|do) not (?:answer|pick up|respond|reply)\b|\bn't (?:answer|respond|pick)|\bisn't answering\b|\btimed? ?out\b|\bnothing came\b|\bkeeps? us waiting\b|\btook longer than\b|\bdeadline\b|\bnot complete within\b|\bsaid no within\b|\bslow or gone\b|\bbefore the \d|\bstill waiting\b|\bgave no answer\b|\bstayed silent\b|\bsays? nothing\b/i,
      duration,
    ],
    /\brequests? timed out(?! to)\b|\block\b(?!-)|\bquery\b(?!-)|\bprobe\b|\bjob\b(?! runner)|\bbatch\b|\b(?:customer|user|guest)\b|\b\d+ (?:hours?|h)\b|\bdrain\w*|\bgrace\b|\bstatement\b|\bshut ?down\b|\bthread\b|\bnodes?\b|\bheartbeat\b/i,
  ),
];
