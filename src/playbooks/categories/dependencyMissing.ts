import { askPreviousLogs, currentLogs, who } from '../commands';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';

/** A path that the start command names is a wrong command, not a missing package. */
function packageOnly({ block, groups }: Match): Refinement | null {
  const module = groups.module ?? '';
  const text = block.map((line) => line.message).join('\n');
  const required = /Require stack:\s*-|imported from/.test(text);
  return module.startsWith('/') && !required ? null : {};
}

/** The package is there, and does not hold the name: it is another version of it. */
const otherVersion = /cannot import name [^(]{0,200}\((?:\/[^)]{0,300})?(?:site|dist)-packages\//i;

/** `configure` finds out what there is by trying. */
function unlessTried({ before, after }: Match): Refinement | null {
  return [...before, ...after].some(({ message }) => /^configure:\d+: /.test(message)) ? null : {};
}

export const dependencyMissing: Playbook = {
  category: 'dependency-missing',
  layer: 'dependency',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(/\bCould not locate (?<module>[\w/.-]+)__init\.class\b/, { weight: 0.9 }), // Clojure
    // WildFly
    proof(/(?:not installed:" => \[|\bis missing \[)"?(?<module>jboss\.jdbc-driver\.[\w.-]+)/, {
      weight: 0.85,
    }),
    proof(/ModuleNotFoundError: No module named ["'](?<module>[\w.]+)/i, { weight: 0.9 }),
    proof(/ImportError: (?:No module named ["']?|cannot import name ["']?)(?<module>[\w.]+)/i, {
      unless: otherVersion,
    }),
    proof(
      /specified version of Microsoft\.(?:NETCore|AspNetCore)\.App [^\n]{0,60}was not found|Failed to load ASP\.NET Core runtime/i,
      { weight: 0.85 },
    ),
    proof(
      /requires (?<module>ext-[\w-]+) \S{1,40} -> it is missing from your system|Install or enable PHP's (?<module2>\w+) extension/i,
      { weight: 0.85 },
    ),
    proof(/ImportError: (?<module>lib[\w.+-]+): cannot open shared object/i, { weight: 0.9 }),
    proof(
      /Could not locate the bindings file|Failed to load native binding|Cannot find native binding/i,
    ),
    proof(
      /Something went wrong installing the ["'](?<module>[\w-]+)["'] module|Could not load the ["'](?<module2>[\w-]+)["'] module using/i,
    ),
    proof(/UnsatisfiedLinkError: no (?<module>[\w-]+) in java\.library\.path/i, { weight: 0.85 }),
    proof(/could not locate the (?<module>Query Engine) for runtime/i, { weight: 0.85 }),
    proof(/Query engine library for current platform .* could not be found/i, { weight: 0.85 }),
    proof(
      /DistributionNotFound|PackageNotFoundError|The ["'][^"']+["'] distribution was not found/i,
    ),
    proof(/ImproperlyConfigured: Error loading (?<module>\w+)(?: or \w+)? module/i, {
      weight: 0.85,
    }),
    proof(/Cannot find (?:module|package) ["'](?<module>[^"']+)["']/i, {
      refine: packageOnly,
      weight: 0.85,
    }),
    proof(/ERR_MODULE_NOT_FOUND/i, { weight: 0.7 }),
    proof(/\(module (?<module>[A-Z][\w.]*) is not available\)/i, { weight: 0.85 }),
    proof(/(?:NoClassDefFoundError|ClassNotFoundException):? (?<module>[\w./$]+)/i, {
      weight: 0.8,
    }),
    proof(/(?:Failed to load|Cannot load) driver class:? (?<module>[\w.]+)/i),
    proof(/error while loading shared libraries: (?<module>[\w.+-]+)/i, { weight: 0.9 }),
    proof(/Error loading shared library (?<module>[\w.+-]+)/i, { weight: 0.9 }),
    proof(/version [`'"]GLIBC(?:XX)?_[\d.]+["'] not found/i),
    proof(/cannot load such file -- (?<module>[\w./-]+)/i, { weight: 0.85 }),
    proof(
      /Could not find (?:gem ["']?)?(?<module>[\w.-]{1,200})[^.]* in (?:any of the sources|locally installed gems|rubygems|cached gems)|Bundler::GemNotFound/i,
      {
        weight: 0.85,
      },
    ),
    proof(/Failed opening required ["'](?<module>[^"']*vendor[^"']*)["']/i, { weight: 0.85 }),
    proof(/vendor\/autoload\.php\)?: [Ff]ailed to open/i, { weight: 0.85 }),
    proof(/Uncaught Error: (?:Class|Interface) ["'](?<module>[^"']+)["'] not found/i),
    proof(
      /Call to undefined function (?<module>(?:mysqli|pg|curl|mb|gd|imagick|redis|bc|json|simplexml|openssl|intl)_\w+)/i,
    ),
    proof(/PDOException: could not find driver|could not find driver/i),
    proof(/PHP Startup: Unable to load dynamic library ["'](?<module>[^"']+)/i, { weight: 0.6 }),
    proof(/Could not load file or assembly ["'](?<module>[\w.]+)/i, {
      weight: 0.85,
      unless: /manifest definition does not match/i,
    }),
    proof(/Unable to load (?:shared library|DLL) ["'](?<module>[^"']+)/i),
    proof(/Can't locate (?<module>\S+\.pm) in @INC/i, { weight: 0.9 }),
    proof(/You must install (?:or update )?\.NET|Framework: ["']Microsoft\.\S+, version/i),
    proof(/\bERROR: (?:Class|Interface|Trait) ["'](?<module>[^"']+)["'] not found/i),
    // PostgreSQL's extensions, and a JVM without the driver
    proof(/could not open extension control file "(?<module>[^"]+)"/i, { weight: 0.9 }),
    proof(/could not access file "(?<module>[^"]+)": No such file/i, { weight: 0.85 }),
    proof(
      /No suitable driver (?:found for|for) (?<module>jdbc:\w+)|SQLException: No suitable driver/i,
      {
        weight: 0.85,
      },
    ),
    proof(/Unable to import module ["'][\w./-]+["']: (?:No module named|cannot import)/i, {
      weight: 0.9, // AWS Lambda
    }),
    proof(/\bmodule ["'](?<module>[\w.]+)["'] not found:/i), // Lua
    proof(/\bLibrary not loaded: (?<module>\S+)|there is no package called .(?<module2>[\w.]+)/i, {
      weight: 0.85,
    }),
    proof(/\bcannot find -l(?<module>[\w+-]+)|Unable to locate package (?<module2>[\w.+-]+)/i, {
      refine: unlessTried,
    }),
    proof(/\bplugins_not_found,\[(?<module>\w+)/i, { weight: 0.9 }), // RabbitMQ
    proof(/\bplugin\.Open\("(?<module>[^"]{1,200})"\): realpath failed/i, { weight: 0.85 }), // Go
    proof(
      /Failed to find any class that implements Connector and which name matches (?<module>[\w.$]+)/i,
      { weight: 0.9 }, // Kafka Connect
    ),
    // Playwright, Puppeteer, Prisma, SQLAlchemy, nginx
    proof(
      /\bExecutable doesn't exist at (?<path>\S+)|\bCould not find (?:Chrome|Chromium|Firefox) \((?:ver|rev)\./i,
      { weight: 0.9 },
    ),
    proof(/(?<module>@prisma\/client) did not initialize yet/i, { weight: 0.9 }),
    proof(/\bNoSuchModuleError: Can't load plugin: (?<module>[\w.:]+)/i, { weight: 0.9 }),
    proof(
      /\bdlopen\(\) "(?<module>[^"]{1,200})" failed \([^()\n]{1,200}: cannot open shared object file/i,
      { weight: 0.9 },
    ),
  ],
  keywords: ['dependency'],
  summary: (situation) => {
    const { module } = situation.facts;
    return `${who(situation)} cannot start: ${module ? `the package or library ${module}` : 'a package or library that it needs'} is not in its image.`;
  },
  questions: (situation) => askPreviousLogs(situation, 'names what is missing'),
  collect: (situation) => [currentLogs(situation)],
  advice: (situation) => ({
    summary: `Add ${situation.facts.module ?? 'what is missing'} to the program's dependencies and build the image again.`,
    commands: [
      {
        title: 'Look for it in the repository',
        command: `git grep -n ${situation.facts.module ?? '<module>'}`,
      },
      { title: 'See the whole message', command: currentLogs(situation) },
    ],
  }),
};
