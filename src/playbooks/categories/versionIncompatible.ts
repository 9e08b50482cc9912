import { appName, askDescribe, askPreviousLogs, currentLogs, place, who } from '../commands';
import { proof, type Playbook } from '../playbook';

const sure = { weight: 0.9 };

export const versionIncompatible: Playbook = {
  category: 'version-incompatible',
  layer: 'dependency',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(/\bNo solution found when resolving dependencies|your requirements are unsatisfiable/i, {
      weight: 0.85,
    }),
    proof(
      /cannot import name ["']\w+["'] from ["'](?<module>[\w.]+)["'] \([^)]{0,200}(?:site|dist)-packages\//i,
      { weight: 0.85 },
    ),
    proof(
      /UnsupportedClassVersionError|has been compiled by a more recent version of the Java Runtime \(class file version (?<requiredVersion>[\d.]+)\), this version of the Java Runtime only recognizes class file versions up to (?<foundVersion>[\d.]+)/i,
      { weight: 0.95 },
    ),
    proof(
      /\brelease version (?<requiredVersion>\d+) not supported|invalid (?:source|target) release: ?(?<requiredVersion2>\d+)|Source option \d+ is no longer supported/i,
      { weight: 0.85 },
    ),
    proof(/CUDA driver version is insufficient for CUDA runtime version/i, sure),
    proof(/\bERR_REQUIRE_ESM\b|require\(\) of ES Module \S+ from \S+ not supported/i, {
      weight: 0.8,
    }),
    proof(
      /was compiled against a different Node\.js version|NODE_MODULE_VERSION (?<foundVersion>\d+)\. This version of Node\.js requires|ERR_DLOPEN_FAILED[^\n]*NODE_MODULE_VERSION/i,
      { weight: 0.95 },
    ),
    proof(
      /version [`'"](?<requiredVersion>(?:GLIBC|GLIBCXX|CXXABI|OPENSSL|MUSL)_[\w.]+)['"`] not found/i,
      { weight: 0.95 },
    ),
    proof(
      /Unsupported engine|EBADENGINE|The engine "\w+" is incompatible with this module|requires Node(?:\.js)? (?:version )?(?<requiredVersion>[<>=^~]*v?\d[\w.]*)/i,
      { weight: 0.8, unless: /npm warn/i },
    ),
    // Perl, of itself and of its modules
    proof(
      /(?:Perl|version) v?(?<requiredVersion>\d[\d._]*) required--this is only (?:version )?v?(?<foundVersion>\d[\d._]*\d)/i,
      { weight: 0.95 },
    ),
    proof(
      /requires (?:a different )?Python(?: version)?:? ?[^\n]{0,20}(?<requiredVersion>[<>=!~]=? ?\d[\d.]*)|Python (?<requiredVersion2>\d[\d.]*) or (?:later|newer|higher) (?:is )?required|requires python ["']?>=/i,
      { weight: 0.85 },
    ),
    proof(
      /database files are incompatible with server|was initialized by PostgreSQL version (?<foundVersion>[\d.]+), which is not compatible with this version (?<requiredVersion>[\d.]+)/i,
      { weight: 0.95 },
    ),
    proof(
      /Cannot upgrade from \d+ to \d+|Invalid MySQL server (?:up|down)grade|Downgrade (?:is )?not supported|cannot (?:down|up)grade (?:\w+ ){1,3}from version|Unsupported redo log format|Cannot boot server version|created by a newer version/i,
      sure,
    ),
    proof(
      /Can't handle RDB format version (?<foundVersion>\d+)|Wrong signature trying to load DB from file|featureCompatibilityVersion|Invalid featureCompatibilityVersion document|Wrong mongod version/i,
      sure,
    ),
    proof(
      /client version (?<foundVersion>[\d.]+) is too (?:new|old)\. (?:Maximum|Minimum) supported API version is (?<requiredVersion>[\d.]+)/i,
      { weight: 0.95 },
    ),
    proof(
      /UnsupportedVersionException|UNSUPPORTED_VERSION\b|unsupported (?:protocol|client|server|schema|file format|API) version/i,
      { weight: 0.85, unless: /tls|ssl|http/i },
    ),
    proof(
      /java\.lang\.(?:NoSuchMethodError|NoSuchFieldError|IncompatibleClassChangeError|AbstractMethodError)/i,
      { weight: 0.85 },
    ),
    proof(
      /requires a peer of \S+ but|module compiled against API version 0x[0-9a-f]+ but this version of numpy|numpy\.dtype size changed, may indicate binary incompatibility|A module that was compiled using NumPy 1/i,
      { weight: 0.85 },
    ),
    proof(
      /(?:ContextualVersionConflict|VersionConflict|pkg_resources\.\w*VersionConflict)|has requirement \S+, but you have|is not compatible with (?:the )?(?:installed|current|this) version/i,
      { weight: 0.85 },
    ),
    proof(
      /Your Composer dependencies require a PHP version ["'](?<requiredVersion>[^"']+)["']\. You are running (?<foundVersion>[\d.]+)|Your Ruby version is (?<foundVersion2>[\d.]+), but your Gemfile specified (?<requiredVersion2>[\d.]+)/i,
      { weight: 0.95 },
    ),
    proof(
      /You must install (?:or update )?\.NET to run this application|The framework ["']Microsoft\.\w+\.App["'], version ["'](?<requiredVersion>[\d.]+)["'][^\n]*was not found|It was not possible to find any compatible framework version/i,
      { weight: 0.9 },
    ),
    proof(
      /MissingMethodException|Could not load file or assembly ["'][^"']+["'][^\n]*manifest definition does not match/i,
      { weight: 0.85 },
    ),
    proof(
      /package \S+ requires rustc (?<requiredVersion>[\d.]+)|go\.mod requires go >= ?(?<requiredVersion2>[\d.]{1,20})[^\n]*running go (?<foundVersion>[\d.]+)|go: cannot [^\n]* requires go >=/i,
      sure,
    ),
    proof(
      /no matches for kind ["'](?<resource>\w+)["'] in version ["'](?<requiredVersion>[^"']+)/i,
      { weight: 0.8 },
    ),
    proof(
      /undefined symbol: \S+|symbol lookup error|Symbol not found|Error relocating \S+: \S+: symbol not found/i,
      { weight: 0.8 },
    ),
    proof(/(?:incompatible|mismatched?|unsupported) (?:\w+ )?versions?\b|version mismatch\b/i, {
      weight: 0.7,
      unless: /tls|ssl|minor|ignor|warn/i,
    }),
    proof(/AttributeError: module ["'](?<module>[\w.]+)["'] has no attribute/i, { weight: 0.65 }),
    proof(/\bkernel too old\b|Please run mysql_upgrade|mysql_upgrade to (?:create|fix)/i, {
      weight: 0.85,
    }),
    proof(
      /no kernel image is available for execution|NVIDIA driver on your system is too old|multiarray failed to import/i,
      { weight: 0.85 },
    ),
    proof(/chart requires kubeVersion: \S+ which is incompatible/i, { weight: 0.95 }),
    // Clients and servers of other versions
    proof(/\breports (?:maximum|minimum) wire version \d+, but this version of /i, {
      weight: 0.95,
    }),
    proof(/\bSCRAM authentication requires libpq version (?<requiredVersion>\d+) or above/i, sure),
    proof(/\bwe do not support this unknown product\b|\bUnsupportedProductError\b/i, sure),
    proof(/\bKeeperErrorCode = Unimplemented for \//i, { weight: 0.85 }),
    // Data and clusters that a newer or older version left
    proof(/\bDetected unreadable sstables\b/i, { weight: 0.85 }),
    proof(
      /\bHive Schema version (?<requiredVersion>[\d.]+) does not match metastore's schema version (?<foundVersion>[\d.]+)/i,
      sure,
    ),
    proof(
      /\bcluster cannot be downgraded \(current version: (?<foundVersion>[\d.]+) is lower than determined cluster version: (?<requiredVersion>[\d.]+)/i,
      sure,
    ),
    proof(/\bThis is not a supported version skew\b/i, { weight: 0.85 }),
    proof(
      /\bUnsupported Terraform Core version\b|\bcreated by Terraform v(?<requiredVersion>[\d.]{1,20}), which is newer than current v(?<foundVersion>[\d.]{1,20})/i,
      sure,
    ),
    // Libraries that do not fit each other, or what runs them
    proof(
      /\bincompatible Protobuf Gencode\/Runtime versions|Descriptors cannot (?:not )?be created directly/i,
      sure,
    ),
    proof(/\bBundler could not find compatible versions for gem "(?<module>[\w.-]{1,80})"/i, sure),
    proof(/\bplugin was built with a different version of package (?<module>\S+)/i, sure),
    proof(/\bInaccessibleObjectException: Unable to make /i, sure),
    proof(/\berror:0308010C:digital envelope routines::unsupported/i, sure),
    proof(/\bYour project setup is incompatible with our requirements/i, sure), // Spring Cloud
  ],
  keywords: ['version', 'compatibility'],
  summary: (situation) => {
    const { requiredVersion, foundVersion } = situation.facts;
    const what = requiredVersion
      ? ` (${requiredVersion} is asked for${foundVersion ? `, ${foundVersion} is there` : ''})`
      : '';
    return `${who(situation)} does not fit what it runs on or with${what}: two parts are of versions that do not go together.`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'names both versions'),
    ...askDescribe(situation, 'shows which image runs'),
  ],
  collect: (situation) => [
    currentLogs(situation),
    `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Bring the two together: build and run with the same runtime and base image, or go back to the version that fitted. Data written by another major version needs its own upgrade; never delete it to get going.',
    commands: [
      {
        title: 'See the last releases',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
      {
        title: 'Go back to the last one',
        command: `kubectl rollout undo deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
