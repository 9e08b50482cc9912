import { askDescribe, describePod, who } from '../commands';
import { fact, proof, symptom, type Playbook } from '../playbook';

/** What was to be executed is a script. */
const script = /\.(?:sh|bash|py|rb|pl|js)\b["'\\]*: exec format/i;

export const imagePlatformMismatch: Playbook = {
  category: 'image-platform-mismatch',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/no matching manifest for \S+ in the manifest list/i, { weight: 0.95 }),
    fact(/no match for platform in manifest|descriptor matching platform ["'\w/]/i, {
      weight: 0.95,
    }),
    fact(/no image found in (?:manifest list|image index) for architecture/i, { weight: 0.95 }),
    fact(
      /image with reference \S+ was found but (?:its platform .*)?does not match the specified platform/i,
      {
        weight: 0.95,
      },
    ),
    fact(/image operating system "\w+" cannot be used on this platform/i, { weight: 0.95 }),
    fact(/based image is incompatible with a .* host/i),
    // A script without its first line ends in the same words.
    fact(/exec format error/i, {
      unless: /s6-|\.\/run\b|step EXEC/i,
      refine: ({ line }) => ({ weight: script.test(line.message) ? 0.75 : 0.93 }),
    }),
    fact(/cannot execute binary file: Exec format error/i, { weight: 0.95 }),
    fact(/(?:qemu-\w+(?:-static)?|rosetta error): .*ld-linux-\S+/i),
    symptom(/requested image's platform \(\S+\) does not match the detected host platform/i, {
      weight: 0.45,
    }),
    // A library of another machine, as Java, macOS and the loader say it
    proof(/\bcan't load (?:\w{2,10} \d\d-bit|this) \.so (?:on an? |\(machine code=)/i, {
      weight: 0.9,
    }),
    proof(/\bmach-o file, but is an incompatible architecture/i, { weight: 0.9 }),
    proof(/\bwrong ELF class: ELFCLASS(?:32|64)\b/i, { weight: 0.85, unless: /ignored/i }),
    proof(/\.(?:node|so(?:\.\d{1,4}){0,3}): invalid ELF header/i, {
      weight: 0.75,
      unless: /ignored/i,
    }),
    proof(/\bFatal glibc error: CPU does not support /i, { weight: 0.95 }),
    fact(/\bcontainer operating system does not match the host operating system/i), // Windows
  ],
  keywords: ['kubernetes', 'image', 'architecture'],
  summary: (situation) => {
    const platform =
      /(?:manifest for|architecture|platform:?) "?((?:linux|windows)\/[\w/]+|\w+64\w*)/i.exec(
        situation.proof,
      )?.[1];
    return `${who(situation)} cannot start: its image${situation.facts.image ? ` ${situation.facts.image}` : ''} was not built for the platform of the node${platform ? ` (${platform})` : ''}.`;
  },
  questions: (situation) =>
    askDescribe(situation, 'shows the image and the node on which it was started'),
  collect: (situation) => [
    describePod(situation),
    `docker manifest inspect ${situation.facts.image ?? '<image>'}`,
    'kubectl get nodes -L kubernetes.io/arch',
  ],
  advice: (situation) => ({
    summary:
      'Build the image for the nodes’ platform too (docker buildx build --platform), or place the pods on nodes that fit with a nodeSelector on kubernetes.io/arch.',
    commands: [
      {
        title: 'See for which platforms the image was built',
        command: `docker manifest inspect ${situation.facts.image ?? '<image>'}`,
      },
      {
        title: 'See which platforms the nodes have',
        command: 'kubectl get nodes -L kubernetes.io/arch',
      },
    ],
  }),
};
