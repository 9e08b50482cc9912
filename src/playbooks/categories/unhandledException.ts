import { appName, askPreviousLogs, askServiceLogs, currentLogs, place, who } from '../commands';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';
import { innermostCause } from '../read/stackTrace';

/** Cites the innermost cause of the trace that the line belongs to. */
function innermost({ block }: Match): Refinement | null {
  const cause = innermostCause(block);
  // How a program ends when it is told to.
  if (cause && /SystemExit|KeyboardInterrupt|GracefulExit/.test(cause.message)) return null;
  return cause ? { cite: cause } : {};
}

/** Haskell names the error on the line above its stack. */
function saidAbove({ before }: Match): Refinement {
  const cite = before.at(-1);
  return cite ? { cite } : {};
}

/** An exception that stands alone may have been expected. */
function traceOnly(match: Match): Refinement | null {
  if (match.line.level !== null && match.line.level !== 'fatal') return null;
  const named = /^\s*(?:[a-z][\w$]*\.)+[A-Z]/.test(match.line.message);
  const traced = named && match.block.some(({ message }) => /^\s+at /.test(message));
  return traced ? innermost(match) : null;
}

/** A command that a script ran failed: the cause is what the command said. */
const ofCommand =
  /CalledProcessError|returned non-zero exit status|ExecException|Error: Command failed: |exit status \d+$/;

/** A traceback that tells of more than a command that failed. */
function tracedInside(match: Match): Refinement | null {
  const refined = innermost(match);
  const cause = refined?.cite?.message ?? '';
  return refined && ofCommand.test(cause) ? { ...refined, weight: 0.3 } : refined;
}

const traced = { refine: innermost };
/** Errors that a program prints and lives with are weaker than those that end it. */
const logged = { refine: innermost, weight: 0.55 };

export const unhandledException: Playbook = {
  category: 'unhandled-exception',
  layer: 'program',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(
      /\bUncaught(?: \w+)?(?:Exception|Error)?\b.*(?:Error|Exception|Throwable|exception)/i,
      traced,
    ),
    proof(
      /Unhandled(?:Promise)?(?: ?Rejection| ?Exception| ["']error["'] event| promise rejection)/i,
      traced,
    ),
    proof(/triggerUncaughtException|throw er; \/\/ Unhandled/i, traced),
    proof(/Exception in thread ["']/i, traced),
    proof(/(?:^|[\s:])panic: /i, {
      ...traced,
      unless: /recovered (?:from|in|and)|(?:panic|and) recovered|panic: 0/i,
      weight: 0.8,
    }),
    proof(/goroutine \d+ \[running\]/i, { weight: 0.5 }),
    proof(/thread ['"][^'"]+['"] (?:\(\d+\) )?panicked at/i, { weight: 0.85 }),
    proof(
      /called `(?:Result|Option)::\w+\(\)` on an? `(?:Err|None)`|index out of bounds: the len is/i,
      {
        weight: 0.6,
      },
    ),
    proof(/fatal error: all goroutines are asleep|fatal error: concurrent map/i, { weight: 0.85 }),
    proof(/^(?:\S+: )?Fatal error: exception \S/i, { weight: 0.85 }), // OCaml
    proof(/^CallStack \(from HasCallStack\):/i, { weight: 0.65, refine: saidAbove }), // Haskell
    proof(
      /attempt to (?:index|call|compare|concatenate|perform arithmetic on) (?:an? |two )?(?:(?:local|global|field|upvalue|method) ["'][^"']{1,80}["'] \(a )?nil value/i, // Lua
    ),
    proof(/Application run failed|APPLICATION FAILED TO START/i, traced),
    proof(/PHP Fatal error: +Uncaught/i, { weight: 0.85 }),
    proof(/^Node\.js v\d+\.\d+/i, { weight: 0.5, refine: innermost }),
    proof(/Exception on \S+ \[[A-Z]+\]/i, traced),
    proof(/Servlet\.service\(\) for servlet .* threw exception/i, traced),
    proof(/Traceback \(most recent call last\)/i, { refine: tracedInside, weight: 0.65 }),
    proof(/Exception in ASGI application|Exception in worker process/i, traced),
    proof(/(?:^|\s)[\w./-]+\.rb:\d+:in .*\((?:[\w:]*Error|[\w:]+Exception)\)/i, { weight: 0.8 }),
    proof(
      /TypeError: (?:Cannot (?:read|set|destructure)|undefined is not|\S+ is not a function)|ReferenceError: \S+ is not defined/i,
      {
        ...logged,
      },
    ),
    proof(
      /NullPointerException|NullReferenceException|IndexOutOfBoundsException|ClassCastException|IllegalStateException|IllegalArgumentException|NumberFormatException/i,
      logged,
    ),
    proof(
      /(?:ZeroDivisionError|AttributeError|ValueError|IndexError|AssertionError|UnboundLocalError|RecursionError|NotImplementedError|ArithmeticError|FrozenError|KeyError|TypeError)(?:$|:| \()/i,
      logged,
    ),
    proof(/NoMethodError|undefined method [`'"]/i, logged),
    proof(/(?:Unhandled|uncaught) ?exception/i, traced),
    proof(/^[ \t]*\*\* \([\w.]+Error\)/i, { weight: 0.75 }),
    proof(/GenServer \S+ terminating/i, { weight: 0.6 }),
    proof(/an exception was raised:/i, { weight: 0.6 }),
    proof(/An unhandled exception (?:has occurred|occurred)/i, traced),
    proof(/Worker failed to boot|Exception ignored in thread/i, { weight: 0.4 }),
    proof(/terminate called after throwing/i),
    proof(/nil pointer dereference|SIGSEGV: segmentation violation/i, { weight: 0.8 }),
    proof(/^[ \t]*Caused by: [\w.$]+(?:Error|Exception)/i, { ...logged, weight: 0.4 }),
    proof(/\bcrasher: initial call: /i, { weight: 0.6 }), // Erlang
    // A check of native code that did not hold, and how it ends
    proof(/\bAssertion [`'"“].{1,200} failed\b|__assert_fail|ASSERTION FAILED/i, { weight: 0.75 }),
    proof(/\*\*\* Caught signal \(Aborted\)/i, { weight: 0.75 }),
    proof(/\bFATAL EXCEPTION: |\.swift:\d+: Fatal error: |^Execution halted$/i, { weight: 0.7 }), // Android, Swift, R
    proof(
      /\bCan't (?:use an undefined value as|call method "\w+" on an undefined|locate object method)/i,
    ),
    proof(
      /^Unhandled [A-Z][A-Z-]{2,40} in thread|unhandled condition in --disable-debugger mode/i,
      {
        weight: 0.85,
      },
    ), // SBCL
    proof(
      /^can't read "[^"\n]{1,100}": no such (?:variable|element in array)|^ {4}while executing$/i,
      {
        weight: 0.7,
      },
    ), // Tcl
    // Go's, also where a server caught it for one request
    proof(
      /\bruntime error: (?:index out of range|slice bounds out of range|integer divide by zero)/i,
      {
        weight: 0.7,
      },
    ),
    proof(/\bFortran runtime error: /i, { weight: 0.85 }),
    proof(/\bERROR: LoadError: \w+Error\b/i), // Julia
    // Any class of exception, with its trace; what tells of peers has its own playbooks.
    proof(/^[ \t]*[\w$.]{3,200}(?:Exception|Error)\b/i, {
      refine: traceOnly,
      weight: 0.55,
      unless: /Timeout|Connect|Socket|IOException|Http|Interrupt|SQL|Cancel|Closed|Reset|Auth/i,
    }),
    // Frameworks that catch it for one task or request, and print what it was
    proof(/\bTask [\w.]{1,160}\[[\w-]{1,60}\] raised unexpected: /i, { weight: 0.65 }), // Celery
    proof(/\bdjango\.request\b[^\n]{0,40}\bInternal Server Error: \//i, { weight: 0.6 }),
    proof(
      /"exception":"\[object\] \((?:Error|ErrorException|TypeError|ValueError|ArgumentCountError|DivisionByZeroError|UnhandledMatchError|BadMethodCallException)\(code: /i,
      { weight: 0.65 }, // Laravel
    ),
    proof(/\bActionView::Template::Error \(/i, { weight: 0.65 }), // Rails
    proof(/\bERR_HTTP_HEADERS_SENT\b/i, logged), // Node.js
    proof(/\bunexpected Kafka exception during processing, this usually indicate/i), // Kafka Streams
    // Haskell, Scala, Swift
    proof(/\bPrelude\.[\w!.]{1,30}: (?:empty list|index too large|no parse|undefined)/i),
    proof(/\bscala\.MatchError: /i, { ...traced, weight: 0.7 }),
    proof(/\bFatal error: (?:Unexpectedly found nil while|Index out of range)/i, { weight: 0.85 }),
  ],
  keywords: ['exception'],
  summary: (situation) => {
    const what = situation.proof
      .trim()
      .replace(/^Caused by: /, '')
      .slice(0, 160);
    return `${who(situation)} failed with an error that its code does not handle: ${what}`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows the whole stack trace'),
    ...askServiceLogs(situation, 'shows what was done just before'),
  ],
  collect: (situation) => [currentLogs(situation)],
  advice: (situation) => ({
    summary:
      'This needs a change of the code. If it came with the last release, rolling back brings the service back meanwhile.',
    commands: [
      {
        title: 'See the last releases',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
      { title: 'See the whole stack trace', command: currentLogs(situation) },
    ],
  }),
};
