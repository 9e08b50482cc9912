import { appName, askDescribe, askPreviousLogs, describePod, place, who } from '../commands';
import {
  fact,
  proof,
  symptom,
  type Finding,
  type Match,
  type Playbook,
  type Refinement,
} from '../playbook';
import type { Picture } from '../read/picture';

/** `node /app/server.js` that is not there has nobody who required it. */
function entryFile({ block }: Match): Refinement | null {
  const text = block.map((line) => line.message).join('\n');
  return /Require stack:\s*-/.test(text) || /imported from/.test(text) ? null : {};
}

/** A program that runs and calls another one that is not there lacks a part of its image. */
function ofRuntime({ block, groups }: Match): Refinement {
  const runs = block.some(({ message }) => /^panic: |^goroutine \d+ \[/.test(message));
  return runs ? { category: 'dependency-missing', facts: { module: groups.path ?? '' } } : {};
}

export const badCommand: Playbook = {
  category: 'bad-command',
  layer: 'origin',
  endsProgram: true,
  severity: 'high',
  signals: [
    proof(
      /^(?:[\w./-]{1,60}: )?error: (?:unknown|unrecognized|unexpected) (?:long |short )?(?:flag|option)\b|error parsing command ?line arguments/i,
      { weight: 0.85 },
    ),
    fact(/\bexec (?<path>\/\S+): (?:no such file or directory|permission denied|not found)/i),
    proof(
      /\b(?:failed to|cannot|could not|unable to) exec(?:ute)? ["'`]?(?<path>[\w./-]+)["'`]?:? (?:No such file|not found|\(?ENOENT)/i,
      { weight: 0.85 },
    ),
    proof(/\btini[^:]*exec (?<path>\S+) failed|\[dumb-init\] (?<program>\S+): No such file/i),
    proof(/env: can't execute ["'‘`]?(?<path>[\w./-]+)/i, { weight: 0.8 }),
    proof(/Found argument ["'`]-{1,2}[\w-]+["'`] which wasn't expected/i, { weight: 0.85 }),
    proof(/(?:^|: )invalid option: ["'`]?[\w-]|unknown variable ["'`][\w-]+=/i),
    proof(/FATAL CONFIG FILE ERROR|Bad directive or wrong number of arguments/i, { weight: 0.7 }),
    proof(/executable file ["'`\\]*(?<path>[^\s"'`\\]+)["'`\\]* not found in \$?PATH/i, {
      weight: 0.9,
      refine: ofRuntime,
    }),
    proof(
      /The command ["'][^"']+["'] could not be loaded|Could not execute because the (?:specified command|application)/i,
    ),
    proof(/bundler?: command not found: (?<path>\S+)/i, { weight: 0.85 }),
    proof(/Failed to find application object ["'](?<module>[\w.]+)/i, { weight: 0.85 }),
    proof(/Script not found:? (?<path>\S+)|Interpreter (?<program>\S+) is NOT AVAILABLE in PATH/i, {
      weight: 0.85,
    }),
    proof(/error: Module not found ["']file:\/\/(?<path>[^"']+)/i),
    proof(/Could not find or load main class/i, { weight: 0.85 }),
    proof(/bad interpreter: (?:No such file|Permission denied)/i),
    proof(/unable to start \.\/run: (?:file does not exist|access denied|exec format error)/i),
    proof(/unknown shorthand flag: ['`][\w]['`] in -/i),
    proof(/Failed to find attribute ["'][\w.]+["'] in ["'](?<module>[\w.]+)/i, { weight: 0.85 }),
    proof(/Error loading ASGI app\. (?:Could not import module|Attribute) ["'](?<module>[\w.]+)/i, {
      weight: 0.85,
    }),
    proof(/Could not (?:locate a Flask application|import ["'][\w.]+["']\.$)/i),
    proof(/Unable to load celery application/i),
    proof(/Don't know how to build task/i),
    proof(/is a package and cannot be directly executed/i),
    proof(
      /flag needs an argument: -|requires an argument|Got unexpected extra argument|the following arguments are required/i,
    ),
    proof(/spawnerr: (?:can't find command|command at) ['"`]?(?<path>[\w./-]+)/i, {
      calm: true,
      weight: 0.85,
    }),
    proof(/Executable path is not absolute/i),
    proof(/: (?:line )?\d+: (?:exec: )?(?<path>[\w./-]+): (?:command )?not found/i),
    fact(/exec: ["'\\]*(?<path>[^\s"'\\:]+)["'\\]*: permission denied/i),
    fact(/exec: ["'\\]*(?<path>[^\s"'\\:]+)["'\\]*: executable file not found in \$?PATH/i, {
      refine: ofRuntime,
    }),
    fact(
      /exec: ["'\\]*(?<path>[^\s"'\\:]+)["'\\]*: (?:stat \S+: )?(?:no such file or directory|is a directory)/i,
    ),
    fact(
      /(?:OCI runtime|runc|crun|container process).*: ["'\\]*(?<path>[^\s"'\\]+)["'\\]*: (?:executable file not found|no such file or directory)/i,
      {
        unless: /mount|rootfs/i,
      },
    ),
    // Rather an image for another platform; a script without its first line ends in the same words.
    fact(/exec format error/i, { weight: 0.6 }),
    fact(/exec user process caused/i, { unless: /permission denied|exec format/i }),
    fact(/Failed at step EXEC spawning (?<path>[^\s:]+): (?:No such file|Exec format)/i),
    fact(/Failed to locate executable (?<path>\S+):/i, { unless: /Permission denied/i }),
    fact(/code=exited, status=203\/EXEC/i, { weight: 0.6 }),
    fact(/starting container process caused/i, {
      unless: /permission denied|mount|apparmor|sysctl|\bcgroup|\bhooks?\b/i,
      weight: 0.7,
    }),
    proof(
      /(?:^|\s)(?:\/bin\/)?(?:ba|da|a)?sh: (?:line )?\d{0,6}:? ?(?<path>[\w./-]+): (?:command )?not found/i,
    ),
    proof(/\bline \d+: (?<path>[\w./-]+): (?:command not found|No such file or directory)/i, {
      weight: 0.7,
    }),
    proof(
      /(?:^|\s)(?:\/usr\/bin\/)?env: ["'‘`]*(?<path>[\w./-]+)["'’\\r]{0,6}: No such file or directory/i,
    ),
    proof(
      /(?:ba|da|a)?sh: (?:0: |\d+: )?(?:cannot|can't) open ["']?(?<path>[^\s"']+)["']?: No such file/i,
    ),
    proof(/python\d?(?:\.\d+)?: can't open file ["'](?<path>[^"']+)["']/i, { weight: 0.9 }),
    proof(/python\d?(?:\.\d+)?: No module named (?<module>[\w.]+)/i, { weight: 0.6 }),
    proof(/Cannot find module ["'](?<path>\/[^"']+)["']/i, { weight: 0.8, refine: entryFile }),
    proof(/Unable to access jarfile (?<path>\S+)/i, { weight: 0.9 }),
    proof(/Could not find or load main class (?<path>\S+)/i, { weight: 0.9 }),
    proof(/no main manifest attribute, in (?<path>\S+)/i, { weight: 0.9 }),
    proof(
      /Unrecognized option: \S+|Unrecognized VM option|Could not create the Java Virtual Machine/i,
    ),
    proof(/Invalid (?:maximum|initial) heap size/i, { weight: 0.85 }),
    proof(/npm (?:ERR!|error) Missing script:? ["'](?<script>[^"']+)/i, { weight: 0.9 }),
    proof(/error Command ["'](?<script>[^"']+)["'] not found\./i),
    proof(/ERR_PNPM_NO_SCRIPT|No script named/i),
    proof(/node: bad option|bad option: --?\S+/i),
    proof(
      /(?:^|\s|")unknown (?:shorthand )?flag: ?["']?-{1,2}[\w-]+|flag provided but not defined: -\S+/i,
      {
        weight: 0.85,
      },
    ),
    proof(/unrecognized (?:arguments?|option)[: ]+["'`]?-{0,2}\S+/i),
    proof(
      /(?:unknown|invalid|no such|unexpected) (?:option|argument|flag)s?:? ["'`]*-{1,2}[\w-]+/i,
    ),
    proof(
      /unknown command ["'`][^"'`]+["'`] for|No such command ["'`]|is not a (?:valid|recognized) command/i,
    ),
    proof(
      /(?:invalid|bad|wrong|unknown) command[- ]line (?:argument|option|flag|parameter)s?\b|(?:fail(?:ed|ure) to|error|unable to|cannot|could not) (?:verify|verifying|validate|validating|parse|parsing) (?:the )?(?:flags?\b|command[- ]line)/i,
      { weight: 0.75 },
    ),
    proof(/Could not open input file: (?<path>\S+)/i),
    proof(/ruby: No such file or directory -- (?<path>\S+)/i),
    proof(
      /can't find command ["'`]?(?<path>[\w./-]+)|supervisor: couldn't exec (?<program>\S+): (?:ENOENT|ENOEXEC)/i,
    ),
    proof(/spawn (?<path>\S+) ENOENT/i, { weight: 0.6 }),
    proof(
      /framework_version=|The application to execute does not exist|The command could not be loaded, possibly because/i,
    ),
    symptom(/\bContainerCannotRun\b|\bRunContainerError\b|\bStartError\b/i, { weight: 0.4 }),
    symptom(/exit(?:ed)?(?: with)?(?: code| status)?[ =:]+12[67]\b/i, { weight: 0.35 }),
    proof(/\berror: argument \S+: invalid choice\b/i, { weight: 0.8 }),
    proof(/\bRuntime\.InvalidEntrypoint\b|Process type \S+ not declared in Procfile/i),
    proof(/Couldn't find that process type/i),
    proof(/\bwhen there is no default process a command is required/i, { weight: 0.9 }), // buildpacks
  ],
  inspect: (picture) => exits(picture),
  keywords: ['container', 'command'],
  summary: (situation) => {
    const { path } = situation.facts;
    return `${who(situation)} cannot start: its start command is wrong${path ? ` (${path} cannot be run)` : ''}.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows the command and the runtime’s message'),
    ...askPreviousLogs(situation, 'shows what the shell or the program said of its command line'),
  ],
  collect: (situation) => [
    describePod(situation),
    `kubectl get deployment ${appName(situation)}${place(situation)} -o jsonpath='{.spec.template.spec.containers[*].command} {.spec.template.spec.containers[*].args}'`,
  ],
  advice: (situation) => ({
    summary:
      'Correct the command or its arguments, or use an image that holds the program for this platform.',
    commands: [
      {
        title: 'See command and arguments',
        command: `kubectl get deployment ${appName(situation)}${place(situation)} -o jsonpath='{.spec.template.spec.containers[*].command} {.spec.template.spec.containers[*].args}'`,
      },
      {
        title: 'Look into the image',
        command: `docker run --rm --entrypoint ls ${situation.facts.image ?? '<image>'} -l /`,
      },
    ],
  }),
};

/** Exit codes 126 and 127 are the shell's and the runtime's word for "cannot run that". */
function exits(picture: Picture): Finding[] {
  return picture.pods.flatMap((pod) =>
    pod.containers.flatMap((container) =>
      [container.state, container.lastState].flatMap((state): Finding[] => {
        const exit = state?.exitCode;
        if (!exit || (exit.value !== 127 && exit.value !== 126)) return [];
        return [
          {
            category: 'bad-command',
            key: 'bad-command:exit',
            role: 'symptom',
            weight: 0.4,
            citation: exit.citation,
            facts: { container: container.name, pod: pod.name, exitCode: exit.value },
            mechanism: null,
            app: pod.app,
            order: 0,
          },
        ];
      }),
    ),
  );
}
