import { outOfReach, tells, type Wording } from './wording';

const cannot =
  /\bfail\w*|\bcould not\b|\bcan ?not\b|\bcan't\b|\bunable\b|\berror\b|\brefus\w+|\bstuck\b|\bdenied\b|\bwon't\b|\bdoes not\b|\bdid not\b|\bnot\b|\bbroken\b|\bnever\b|\bgave up\b|\bgiven up\b|\breturned 1\b|\bno match\b/i;
const hook =
  /\bweb-?hooks?\b|\b(?:admission|validating|mutating|defaulting|conversion)\b.{0,20}\b(?:hooks?|callback)\b|\bhook\b/i;
const ofCluster =
  /\badmission\b|\badmit\w*|\bvalidat\w+|\bmutat\w+|\bdefaulting\b|\bapi ?server\b|\bapi\b|\bpods?\b|\bcrds?\b|\bingress\b|\bdeployment\b|\binject\w*|\bguard\b|\bkyverno\S*|\bopa\b|\bgatekeeper\b|\bobject\b|\bfailurePolicy\b|\bscaling\b/i;
const apiServer =
  /\bapi ?-?servers?\b|\bcontrol plane\b|\bkube-?api\w*|\betcd\b|\bkubernetes api\b|\bcluster (?:api|endpoint)\b|\bk8s api\b|:6443\b|\bthe master\b|\blease kube-system\b|\bkubectl\b/i;

/** What the platform that runs programs does not do. */
export const ofPlatform: readonly Wording[] = [
  tells(
    'webhook-unavailable',
    [
      hook,
      ofCluster,
      /\bEOF\b|\bfails? closed\b|\bdeadline\b|\bno endpoints\b|\bnever replies\b|\btimes? out\b|\bn't be contacted\b|\bcould not call\b|\bis (?:down|dead)\b|\bunreachable\b|\bdid not answer\b|\btimed out\b|\brefused\b.{0,4}$|\bnot (?:reachable|answering)\b|\bconnection refused\b/i,
    ],
    /\bcustomer\b|\bdelivery\b|\bpolic(?:y|ies)\b|\bpartner\b|\bshop\b/i,
  ),
  tells(
    'admission-denied',
    [
      /\badmission\b|\badmit\w*|\bpolic(?:y|ies)\b|\bgatekeeper\b|\bkyverno\b|\bpod ?security\b|\bweb-?hook\b|\blimitrange\b|\bprivileged\b|\bsignature\b|\battestation\b|\bcosign\b/i,
      /\bden(?:y|ied|ies)\b|\breject\w*|\bnot (?:allow\w*|admit\w*)|\brefus\w*|\bforbid\w*|\bblocked\b|\bviolat\w*|\bsaid no\b|\bturned (?:down|away)\b|\bdid not let\b|\bmissing so\b/i,
      /\bpods?\b|\bpodsecurity\b|\bdeploy\w*|\bstatefulset\b|\bnamespace\b|\bimages?\b|\bcontainers?\b|\bcluster\b|\bmanifest\b|\bprivileged\b|\broot\b|\blabel\b|\bannotation\b|\bkyverno\b|\bgatekeeper\b|\breplica\b|\bhostPath\b/i,
    ],
    /\bIAM\b|\bbucket\b|\bs3:|\bproduct image\b/i,
  ),
  tells(
    'docker-unreachable',
    [
      /\bdocker\S*|\bcontainer (?:engine|runtime|daemon)\b|\bpodman\S*|\bcontainerd\b|\btestcontainers\b/i,
      new RegExp(
        `${outOfReach.source}|\\bis off\\b|\\bsocket missing\\b|\\bno(?:t find any| such| docker)\\b|\\bcan(?:not|'t) find\\b|\\bnothing listens\\b|\\bopening .{1,60} failed\\b`,
        'i',
      ),
    ],
    /\bregistry\b|\bpull\w*|\bhub\b|\bcontainerd:\/\//i,
  ),
  tells('control-plane-unavailable', [
    apiServer,
    new RegExp(
      `${outOfReach.source}|\\b5\\d\\d\\b|\\bno leader\\b|\\bnot (?:healthy|ready|renew|post)\\b|\\bdeadline\\b|\\bslow\\b|\\bhangs\\b|\\boverload\\w*|\\bis dead\\b`,
      'i',
    ),
  ]),
  tells('autoscaler-failed', [
    /\bauto-?scal\w*|\bhpa\b|\bvpa\b|\bscal(?:e|ing)[- ](?:up|out|to)\b|\bscaler\b|\bnode group\b|\bkeda\b|\bscale decision\b|\bkarpenter\S*|\bprovisioner\b|\bcluster grow\b|\bmore nodes\b|\badd nodes\b|\bwanted \d+ replicas\b|\bgroup max size\b/i,
    /\bno (?:metrics?|data|instance type|node)\b|\bblind\b|\bunknown\b|\bmissing\b|\bfail\w*|\bcould not\b|\bcan ?not\b|\bcan't\b|\bunable\b|\bstuck\b|\bdenied\b|\brefus\w+|\bwithout\b|\bnot (?:get|scale|grow|add|possible|adapted)\b|\bout of stock\b|\bceiling is\b|\bquota\b|\breject\w*/i,
  ]),
  tells(
    'quota-exceeded',
    [
      /\bquotas?\b|\bmaximum of \d+\b|\bcount \d+\/\d+|\ballowance\b/i,
      /\bnamespace\b|\bpods?\b|\bv?cores?\b|\bv?cpus?\b|\bmemory\b|\bproject\b|\bvolumes?\b|\bclaims?\b|\bteam\S*|\bgpus?\b|\bVMs?\b|\bregion\b|\bips?\b|\bstorage\b|\bmailbox\b|\bpersistentvolumeclaims\b|\bcloud\b/i,
      /\bexceed\w*|\bused (?:up)?\b|\bno room\b|\bfull\b|\bover\w*|\blimit\b|\bwould\b|\bleft\b|\breached\b|\bhit\b|\bexhausted\b|\balready\b|\bno new\b|\bconsumed\b/i,
    ],
    /\bcgroup\b|\bcfs\b|\bperiods?\b|\bthrottl\w*|\bkernel\b|\bcalls?\b|\bper (?:day|minute|month)\b|\bapi:/i,
  ),
  tells('rollout-blocked', [
    /\broll-?outs?\b|\brolling (?:update|out)\b|\bnew (?:version|revision|replicas?|pods?|replica ?set)\b|\bcanary\b|\bgreen\b|\bdrain(?:ing)? (?:of )?(?:node|worker)\b|\bdisruption budget\b|\bPDB\b|\bpromotion\b|\bstatefulset\b|\bevict pod\b/i,
    /\bstuck\b|\bstall\w*|\bno progress\b|\bblock\w*|\bdeadline\b|\bpaused\b|\bnot (?:progress\w*|advance|finish\w*|become|proceed\w*|done|go on)\b|\bnever (?:became|becomes|got)\b|\bheld\b|\bhalted\b|\bfrozen\b|\bhangs\b|\bsince \d+ ?m|\ballows 0\b|\bpromotion\b.{0,30}\bdenied\b|\bcan't evict\b/i,
  ]),
  tells(
    'deploy-sync-failed',
    [
      /\bsync\w*|\bgit ?ops\b|\bargo\w*|\bflux\b|\bmanifests?\b|\bhelm\b|\bchart\b|\bkustom\w*|\breconcil\w*|\bdeploy bot\b|\bkubectl apply\b|\bpushing configs\b/i,
      /\bdeploy\w*|\bapplication\b|\bcluster\b|\brender\w*|\breleases?\b|\bapply\w*|\brevision\b|\brepo\w*|\bcommit\b|\bdesired\b|\btemplates?\b|\bcharts?\b|\bmanifests?\b|\bkustomization\b|\boverlays?\b|\bupgrade\b|\bingress\b/i,
      cannot,
    ],
    /\bprices?\b|\baccounts?\b|\bbank\b|\bamounts?\b|\bconfig ?map\b|\bsecrets?\b/i,
  ),
  tells(
    'node-not-ready',
    [
      /\bnodes?\b|\bkubelet\b|\b(?:worker|render|build) (?:node|host|machine)\b|\bmachines?\b|\bhost \S+/i,
      /\bnot[- ]?ready\b|\bunreachable\b|\bdropped out\b|\bunhealthy\b|\blost contact\b|\bare down\b|\bis (?:down|offline)\b|\blease expired\b|\bfallen sick\b|\bstatus is Unknown\b|\bsilent\b|\bready=false\b/i,
    ],
    /\bredis\b|\bkafka\b|\brabbit\w*|\bmongo\w*|\belastic\w*|\bcassandra\b|\bbroker\b|\bnode\.js\b|\bdns\b|\bresolver\b|\bnameserver\b|\bgraph\b|\bdepot\b|\bwarehouse\b|\bcamera\b/i,
  ),
];

/** What programs say of their own life. */
export const ofLife: readonly Wording[] = [
  tells('stack-overflow', [
    /\bstack\b|\brecurs\w*|\bcall depth\b|\bnest(?:s|ed|ing)\b|\bcalls itself\b/i,
    /\boverflow\w*|\btoo (?:deep\w*|much)\b|\bexceed\w*|\bendless\w*|\binfinite\w*|\bforever\b|\bblown\b|\bexhausted\b|\bmaximum\b|\bwithout end\b|\bnever (?:stops|ends)\b|\bran (?:out|over)\b|\bno more\b|\bout of\b/i,
  ]),
  tells(
    'job-deadline-exceeded',
    [
      /\bjobs?\b|\btasks?\b|\bbatch\b|\bbackup\b|\bimport\b|\bexport\S*|\bcron\b|\bnightly\b|\breconciliation\b|\bclosing\b|\broll-?up\b|\bpayroll\b|\breindex\w*|\bconversion\b|\brun\b/i,
      /\bmax(?:imum)? (?:run ?time|duration|run time)\b|\brun limit\b|\btime (?:box|budget|limit)\b|\bdeadline passed\b|\ballotted\b|\b(?:inside|outside|past) its (?:window|time)\b|\bend time\b|\bused them up\b|\bpast its\b|\btoo slow\b|\bcut off after\b|\bended by scheduler\b|\bexceeded its\b/i,
    ],
    /\bconsumer\b|\bqueue\b|\bbackoff\b/i,
  ),
  tells('shutdown-timeout', [
    /\bgrace\b|\bdrain\w*|\bSIGTERM\b|\bTERM\b|\bstop (?:signal|hook)\b|\bshut(?:ting)? ?down\b|\bclosing (?:the|down)\b|\btear ?down\b|\bwind down\b|\bserver\.close\b|\bgo down\b|\bforced quit\b/i,
    /\bstill (?:in flight|alive|running|open)\b|\btook (?:more|too|longer)\b|\bran out\b|\bcutting off\b|\bSIGKILL\b|\bKILL\b|\bnot finish\b|\bignored\b|\bhangs\b|\bpull the plug\b|\bhard way\b|\brefused to\b|\boverran\b|\bforced\b|\bnever called back\b|\buncleanly\b|\bdoes not exit\b|\btimed out\b/i,
  ]),
  tells('thread-exhausted', [
    /\b(?:every|all)\b.{0,30}\bthreads?\b.{0,40}\b(?:hangs?|busy|blocked|stuck)\b.{0,60}\bnobody left\b/i,
  ]),
  tells(
    'application-hung',
    [
      /\bwatchdog\b|\bdead ?lock\w*|\bstuck\b|\bstall\w*|\bhangs?\b|\bhung\b|\bwedged\b|\bunresponsive\b|\bno progress\b|\bblocked \d|\bstopped reacting\b|\bdoing nothing\b|\bnot (?:arrive|advance)\b/i,
      /\bthreads?\b|\bloop\b|\bprocess\b|\bworkers?\b|\bmain\b|\bscheduler\b|\bgoroutine\b|\bdispatcher\b|\block\b|\bconsumer\b|\brender\w*|\btick\b/i,
    ],
    /\btransactions?\b|\bdata ?base\b|\brows?\b|\bsql\b|\broll-?out\b|\bconnections?\b|\btable\b|\bindex\b/i,
  ),
  tells('traffic-overload', [
    /\bshed(?:s|ding)? (?:load|\d+ (?:in|requests)|requests|traffic|callers)|\bturning people away\b|\boverwhelm\w*|\bsurge\b|\bbacklog overflow\b|\btoo many are being served\b/i,
  ]),
  tells(
    'traffic-overload',
    [
      /\bin flight\b|\btoo busy\b|\bsaturated\b|\bceiling\b|\bconcurren\w*|\bbackpressure\b|\bcapacity\b|\bqueue\b|\brps\b|\brequests\b|\btraffic\b|\bload\b|\bpending limit\b/i,
      /\blimit\b|\bmax\w*|\bceiling\b|\bfull\b|\breject\w*|\bdrops?\b|\bdropped\b|\bdropping\b|\bshed\w*|\baway\b|\b503\b|\bexceed\w*|\bkeep up\b|\btoo much\b|\btoo many\b|\bmore than\b|\boverflow\w*/i,
      /\brequests?\b|\bpeople\b|\bcallers?\b|\btraffic\b|\bload\b|\bin flight\b|\brps\b|\bvisitors?\b|\binbound\b/i,
    ],
    /\bcpu\b|\bmemory\b|\bheap\b|\b429\b|\bpartner\b|\bprovider\b|\bvendor\b|\bpending\b|\bconsumer\b|\bcancel\w*|\bend within\b/i,
  ),
  tells('unhandled-exception', [
    /\bunhandled\b|\buncaught\b|\bunforeseen\b|\bnobody caught\b|\bno handler\b|\bnil\b|\bnull\b|\bout of (?:range|bounds)\b|\bbeyond length\b|\bdivision by zero\b|\bassert\w*|\binvariant\b|\bshould never\b|\bbug\b|\bimpossible\b/i,
    /\bexceptions?\b|\bcrash\w*|\bpanic\w*|\bdied\b|\bthrown?\b|\bthrew\b|\bdere?f\w*|\bhappen\w*|\bviolated\b|\bblew\b|\bprocess leaves\b|\bTypeError\b/i,
  ]),
  tells('startup-failed', [
    /\bboot\b|\bstart(?:s|up|ing)?\b(?! of | gate)|\binit(?!ial )\w*|\bbring(?:ing)? (?:up|the service up)|\bpre-?flight\b|\blaunch\w*|\bcome up\b|\bserving state\b|\bbefore (?:main loop|serving)\b/i,
    /\babort\w*|\bcould not\b|\bwould not\b|\bcrashed\b|\brefused to\b|\bdied\b|\bwent wrong\b|\bnever\b|\bgiving up\b|\bnot pass\b|\bpanic\b|\bquits\b|\bfailed\b|\bspent\b|\bexiting\b/i,
  ]),
];
