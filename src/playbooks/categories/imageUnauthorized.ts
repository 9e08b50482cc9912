import { appName, askDescribe, describePod, place, who } from '../commands';
import { fact, symptom, type Match, type Playbook, type Refinement } from '../playbook';

/** Only where the line speaks of fetching an image. */
const aboutImages = /pull|image|registry|manifest|\/v2\/|repository|\bblob/i;

function aboutImage({ line, block }: Match): Refinement | null {
  return aboutImages.test(line.message) || block.some((other) => aboutImages.test(other.message))
    ? {}
    : null;
}

/** The registry's own `library/` is public: denied there means that it does not exist. */
function privateOnly({ line }: Match): Refinement | null {
  const official =
    /docker\.io\/library\/[\w.-]+/i.test(line.message) ||
    /pull access denied for [\w.-]+(?:,|$)/i.test(line.message);
  return official && !/40[13] /.test(line.message) ? null : {};
}

export const imageUnauthorized: Playbook = {
  category: 'image-unauthorized',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/Error response from daemon: (?:denied|unauthorized)/i),
    fact(/pull access denied/i, { refine: privateOnly }),
    fact(
      /unauthorized: (?:authentication required|incorrect username|access|not authorized|The client does not)/i,
      {
        refine: aboutImage,
      },
    ),
    fact(/40[13] (?:Unauthorized|Forbidden)/i, {
      refine: ({ line }) =>
        /failed to (?:resolve reference|pull|authorize|fetch (?:oauth|anonymous|manifest|blob|image)|copy: )|ErrImagePull|manifests|\/v2\/[\w./-]{1,200}\/(?:manifests|blobs|tags)\/|pinging container registry/i.test(
          line.message,
        )
          ? {}
          : null,
    }),
    fact(/no basic auth credentials/i),
    fact(/\/(?:manifests|blobs)\/[^\s"]+"?: (?:denied|unauthorized)\b/i),
    fact(
      /\bCannotPull\w*Error\b[^\n]*(?:not authorized|AccessDenied|unauthorized|denied)|ecr:(?:GetAuthorizationToken|BatchGetImage|GetDownloadUrlForLayer)\b/i,
    ),
    fact(/failed to authorize: failed to fetch (?:anonymous|oauth) token/i, {
      unless: /dial tcp|no such host|i\/o timeout|connection refused/i,
    }),
    fact(/insufficient_scope: authorization failed/i, { refine: privateOnly }),
    fact(/requested access to the resource is denied/i, { refine: privateOnly }),
    fact(
      /(?:invalid username\/password|unable to retrieve auth token|authentication is required)/i,
      {
        refine: aboutImage,
      },
    ),
    fact(/denied: (?:Permission|access forbidden|Your authorization token has expired)/i, {
      refine: aboutImage,
    }),
    symptom(/Unable to retrieve some image pull secrets \((?<pullSecret>[\w.-]+)/i, {
      weight: 0.3,
    }),
    symptom(/Back-off pulling image|\bErrImagePull\b|\bImagePullBackOff\b/i, { weight: 0.2 }),
    fact(/unable to retrieve ecr registry auth/i),
    fact(/\bdocker:\/\/\S{1,200}: unable to retrieve auth token/i),
    // What only registries say: Amazon's, Google's, Quay, GitLab's
    fact(/\bdenied: Your authorization token has expired\. Reauthenticate/i),
    fact(/\bdenied: Unauthenticated request\b/i),
    fact(/\bunauthorized: access to the requested resource is not authorized/i, { weight: 0.85 }),
    fact(/(?:^|: )denied: access forbidden\b/i, { weight: 0.8 }),
  ],
  recovery: [/Successfully pulled image/i],
  keywords: ['kubernetes', 'image', 'registry'],
  summary: (situation) => {
    const { image } = situation.facts;
    return `${who(situation)} cannot start: the registry refuses to hand out the image ${image ?? 'that it names'}, because the credentials are missing or wrong.`;
  },
  questions: (situation) =>
    askDescribe(situation, 'shows the registry’s answer and the pull secrets in use'),
  collect: (situation) => [
    describePod(situation),
    `kubectl get serviceaccount default${place(situation)} -o yaml`,
  ],
  advice: (situation) => ({
    summary:
      'Give the workload a pull secret that is valid for this registry. The credentials themselves are never written here.',
    commands: [
      {
        title: 'See which pull secrets the workload names',
        command: `kubectl get deployment ${appName(situation)}${place(situation)} -o jsonpath='{.spec.template.spec.imagePullSecrets}'`,
      },
      {
        title: 'See which pull secrets exist',
        command: `kubectl get secrets${place(situation)} --field-selector type=kubernetes.io/dockerconfigjson`,
      },
    ],
  }),
};
