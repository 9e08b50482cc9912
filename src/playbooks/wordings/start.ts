import { tells, type Wording } from './wording';

const absent =
  /\bnot (?:set|there|found|present|defined|given|exist\w*)\b|\bunset\b|\bundefined\b|\bmissing\b|\babsent\b|\bempty\b|\bno (?:value|such|counterpart|\$?[A-Z_]{4,})\b|\b(?:None|null|nil)\b|\bforgot\w*|\bmust (?:exist|define|be set)\b|\bnothing\b|\bneither\b|\bwithout\b|\bdoes ?n[o']t (?:exist|have)\b|\bdangling\b|\bdeleted\b|\bnobody has created\b|\bknows no\b|\bonly has\b|\b404\b|\bnever (?:created|set)\b|\bdoesn't have it\b/i;
const reference =
  /\bconfig ?maps?\b|\bsecrets?\b|\bvault path\b|\bparameter store\b|\bsecretKeyRef\b|\bconfigMapKeyRef\b|\benvFrom\b|\breferenced parameter\b/i;
const setting =
  /\bconfig\w*|\bsettings?\b|\boptions?\b|\.(?:ya?ml|toml|json|ini|conf|properties)\b|\bsection\b|\bcron expression\b|\bschema check\b|\brules?\b|\bregex\b|\bflags?\b|\bparameters?\b|\b[a-z][a-z0-9]{0,30}[._][a-z][\w.]{0,60} ?(?:\(\d{1,9}\)|=|:|'|"|must|has|is)|\btimeout "/;
const wrong =
  /\binvalid\b|\bnot (?:a )?(?:valid|URL|number|integer|boolean|known|understood)\b|\bmakes no sense\b|\bunknown\b|\bparse\b|\bmalformed\b|\bmust be\b|\bhas to be\b|\bunsupported\b|\bnone of\b|\bwants an?\b|\bchoose one\b|\bbroken\b|\bindentation\b|\bbe understood\b|\bdoes not validate\b|\bduplicate\b|\bunexpected\b|\bleft out\b|\blarger than\b|\bexpected\b|\bgot '|\bdid you mean\b|\bnot be (?:both|combined|negative)\b|\bfound \d+ problems\b/i;
/** What people hand in is data, not configuration. */
const handedIn =
  /\b(?:users?|customers?|requests?|payload|body|upload\w*|rows?|records?|invoice|orders?|clients?|articles?|samples?|tariffs?|messages?|input|import\w*|csv|quer(?:y|ies)|owner)\b/i;

/** What a program needs to start, and does not find as it must be. */
export const ofStart: readonly Wording[] = [
  tells('missing-config-ref', [reference, absent], /\b(?:api|client|app|shared) secret\b/i),
  tells('missing-config-ref', [
    reference,
    /\bonly\b.*\bfound\b|\bunable to project\b|\bnot in\b|\bnot found\b|\bno key\b|\black\w*|\bprojects? secrets\b/i,
  ]),
  tells('missing-config-ref', [/\bsecret manager\b|\bkey store\b/i, /\bno entry\b|\bknows no\b/i]),
  tells(
    'missing-env',
    [
      /\benv(?:ironment)?\b|\bgetenv\b|\bprocess\.env\b|\bos\.environ\b|\$\{?[A-Z][A-Z0-9_]+|\bexport [A-Z]|\bvariables?\b/,
      absent,
    ],
    /\benvironment (?:report|sensor)|\bvariable costs?\b/i,
  ),
  tells('missing-env', [
    /\b[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{0,60}[A-Z]{2}[A-Z0-9_]{0,60}\b/,
    /\bnot (?:set|defined|given|provided)\b|\bis (?:empty|undefined|missing|unset)\b|\bmust be set\b|\bset it\b|\bunset\b/,
  ]),
  tells(
    'bad-command',
    [
      /\bspawn\b|\bexec\w*|\bentry ?point\b|\bcommand\b|\bbinary\b|\bprogram\b|\bscript\b|\bsubcommand\b|\binterpreter\b|\bmain class\b|\bhook\b|\bexecutable\b|\bPATH\b|\btried to call\b|\bargument\b/i,
      /\bENOENT\b|\bnot in (?:PATH|the image)\b|\bno such file\b|\bdoes not exist\b|\bnot (?:be )?found\b|\bcan't find\b|\b12[67]\b|\bexec format\b|\bunknown (?:sub)?command\b|\bunknown (?:flag|option|argument)\b|\bships no\b|\bnone installed\b|\bbad interpreter\b|\bnot installed\b|\bnobody knows\b/i,
    ],
    /\bplugin\b|\bmodule\b|\blibrary\b/i,
  ),
  tells(
    'dependency-missing',
    [
      /\bplug-?ins?\b|\blibrar(?:y|ies)\b|\bmodules?\b|\bpackages?\b|\bextensions?\b|\bdrivers?\b|\.so\b|\bdll\b|\bclasspath\b|\bbinary missing\b|\badd-?on\b|\bexecutable\b|\bcodecs?\b|\bgem\b|\bjar\b|\bfonts?\b|\bdependency\b|\bimport\b/i,
      /\bcan ?not be (?:used|loaded|found|imported)\b|\bnot (?:installed|found|available|there|present|loaded|shipped|on the)\b|\bmissing\b|\bno (?:such|module|class|package|driver)\b|\b(?:could not|can't|cannot|unable to|failed to) (?:\w+ )?(?:load|find|import|open|locate|resolve)\b|\babsent\b|\blacks?\b|\bforgot\w*|\bwithout the\b|\bnever built\b|\bimport fails\b/i,
    ],
    /\b(?:driver|package|jar|library|module)s? (?:of|branch|licen[cs]e|'?\d)|\brows\b|\bparcel\b|\bstudent\b/i,
  ),
  tells(
    'version-incompatible',
    [
      /\bversions?\b|\bproto(?:col)?\b|\bGLIBC_[\d.]+|\bpeer dependency\b|\bsdk\b|\bprotocol\b|\bschema\b|\bapi\b|\bdriver\b|\bruntime\b|\bglibc\b|\babi\b|\bformat\b|\bbuild\b|\bv\d+\b|\b\d+\.\d+\b/i,
      /\bincompatible\b|\bnot (?:compatible|supported)\b|\bunsupported\b|\btoo (?:old|new)\b|\bolder than\b|\bnewer than\b|\bno longer (?:speaks?|supports?|understands?)\b|\bneeds? at least\b|\brequires? (?:at least )?(?:v?\d|\w+ >=)|\bmismatch\b|\bdoes not (?:understand|speak|support)\b|\bonly (?:understands?|speaks?|reads?|supports?)\b|\bneed \d|\bdo not match\b|\bonly know up to\b|\bcompiled against\b|\bis expected\b|\bbuilt on a newer\b|\bcannot live together\b|\bconflict at runtime\b|\bunknown to this older\b|\bthis build reads\b/i,
    ],
    /\bcert\w*|\bchecksum\b|\bconfig version\b|\bamounts?\b|\btotals?\b|\bneed at least \d+ ?[KMG]i?B\b/i,
  ),
  tells('invalid-config', [setting, wrong], handedIn),
  tells(
    'migration-failed',
    [
      /\bmigrat\w*|\bschema (?:changes?|version|upgrade|step)\b|\bthe schema\b|\b(?:db|data) upgrade\b|\balembic\b|\bupgrade script\b|\bchange ?sets?\b|\bDDL\b|\balter table\b/i,
      /\bfail\w*|\babort\w*|\bcould not\b|\bcannot\b|\bcan't\b|\bstopp?ed\b|\bbroke\b|\bhalf\b|\bdirty\b|\brolled back\b|\bbehind\b|\bneed\b|\bmismatch\b|\bpending\b|\bnot applied\b|\berror\b|\bolder\b|\bstuck\b|\brefus\w+|\bblew\b|\bdied\b|\bnot apply\b|\bcannot be executed\b|\bambiguous\b|\binterrupted\b|\bcrashed\b/i,
    ],
    /\blive migration\b|\bdata ?center\b|\bof customers?\b|\bstep '\w+' failed with exit\b/i,
  ),
];
