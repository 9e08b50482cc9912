import { appName, askDescribe, describePod, place, who } from '../commands';
import { ofStatus } from '../inspected';
import { fact, proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** Access problems that the same sentences may end in. */
const refused =
  /401 Unauthorized|403 Forbidden|unauthorized:|no basic auth|authentication required/i;

/** Docker Hub hides whether a repository exists; its own `library/` is public, so there it does not. */
function officialOnly({ line }: Match): Refinement | null {
  const official =
    /docker\.io\/library\/[\w.-]+|pull access denied for [\w.-]+(?:,|$)/i.test(line.message) &&
    !/pull access denied for [\w.-]+\//i.test(line.message);
  return official ? {} : null;
}

export const imageNotFound: Playbook = {
  category: 'image-not-found',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/\bCannotPull\w{1,30}: Tag \S{1,128} not found in repository \S/i, {
      weight: 0.85,
      calm: true,
    }), // ECS
    fact(/manifest (?:unknown|for (?<image>\S+) not found)/i, { unless: refused }),
    fact(
      /failed to resolve (?:ref|reference|image) ["'\\]*(?<image>[^\s"'\\]*\w)["'\\:]+ .*not found/i,
      {
        unless: refused,
      },
    ),
    fact(/reading manifest \S+ in (?<image>\S+): (?:manifest unknown|name unknown)/i),
    fact(/\bname unknown\b|NAME_UNKNOWN|MANIFEST_UNKNOWN/i, { unless: refused }),
    fact(/repository (?:name |with name )?['"\w./-]+ (?:not found|does not exist)/i, {
      unless: /may require|requested access/i,
    }),
    fact(
      /unexpected status (?:code )?(?:from \w+ request to )?\S*(?:manifests|\/v2\/).*404 Not Found/i,
    ),
    fact(/pull access denied|requested access to the resource is denied/i, {
      unless: refused,
      refine: officialOnly,
    }),
    fact(/couldn't parse image (?:reference|name)|\bInvalidImageName\b|invalid reference format/i),
    fact(
      /Container image ["'\\]*(?<image>[^\s"'\\]+)["'\\]* is not present with pull policy of Never/i,
    ),
    fact(/\bErrImageNeverPull\b/i, { weight: 0.8 }),
    proof(/No such image: (?<image>\S+)/i),
    fact(/\bImage ["'](?<image>[\w.-]+\/[^\s"']+)["'] (?:was )?not found\b/i),
    symptom(/Unable to find image ["'](?<image>[^"']+)["'] locally/i, { weight: 0.2 }),
    symptom(/Back-off pulling image ["'\\]*(?<image>[^\s"'\\]+)/i, { weight: 0.25 }),
    symptom(/\bErrImagePull\b|\bImagePullBackOff\b/i, { weight: 0.25 }),
    fact(/short-name "?[\w./-]+"? did not resolve to an alias/i),
    // BuildKit, Harbor
    fact(
      /\bfailed to solve: (?<image>[\w./-]{1,120}:[\w.-]{1,80}): [\w./-]{1,160}:[\w.-]{1,80}: not found/i,
    ),
    fact(/\bartifact (?<image>[\w.-]{1,60}\/[\w./-]{1,120}[:@][\w.:-]{1,100}) not found/i, {
      weight: 0.8,
    }),
  ],
  inspect: (picture) =>
    ofStatus(picture, 'image-not-found', /InvalidImageName|ErrImageNeverPull/, 0.8),
  extract: [/Failed to pull image ["'\\]*(?<image>[^\s"'\\]+)/i],
  recovery: [/Successfully pulled image/i],
  keywords: ['kubernetes', 'image', 'registry'],
  summary: (situation) => {
    const { image } = situation.facts;
    return `${who(situation)} cannot start: the image ${image ?? 'that it names'} does not exist in the registry.`;
  },
  questions: (situation) =>
    askDescribe(situation, 'shows the image name and the registry’s answer'),
  collect: (situation) => [describePod(situation)],
  advice: (situation) => ({
    summary:
      'Correct the image’s name or tag to one that exists. A tag is never invented here: take it from the registry or from the last release that ran.',
    commands: [
      {
        title: 'Ask the registry',
        command: `docker manifest inspect ${situation.facts.image ?? '<image>'}`,
      },
      {
        title: 'See which images ran before',
        command: `kubectl rollout history deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
