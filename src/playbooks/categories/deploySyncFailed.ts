import { appName, askEvents, place, who } from '../commands';
import { seen } from '../inspected';
import { fact, symptom, type Playbook } from '../playbook';

/** Conditions by which Argo CD and Flux say that they did not get there. */
const objects =
  /^(?:application|helmrelease|kustomization|gitrepository|helmrepository|ocirepository|helmchart|bucket)\//;
/** It waited for what it had applied: why that did not come up is another matter. */
const waited = /timed out waiting|context deadline exceeded|client rate limiter Wait/i;
const failed = /Error|Failed|Failure|Stalled|Exceeded/i;

export const deploySyncFailed: Playbook = {
  category: 'deploy-sync-failed',
  layer: 'wrapper',
  severity: 'high',
  signals: [
    fact(/Error: (?:UPGRADE|INSTALLATION|ROLLBACK) FAILED: /, { unless: waited }),
    symptom(/Error: (?:UPGRADE|INSTALLATION|ROLLBACK) FAILED: /, { weight: 0.45 }),
    fact(/another operation \(install\/upgrade\/rollback\) is in progress/i, { weight: 0.95 }),
    fact(
      /has no deployed releases|contain a resource that already exists|cannot re-use a name that is still in use|invalid ownership metadata/i,
    ),
    fact(
      /(?:YAML parse error on|execution error at|error calling include|parse error at) \(?\S*templates?\//i,
      { weight: 0.95 },
    ),
    fact(/template: \S+:\d+:\d+: executing |values don't meet the specifications of the schema/i),
    fact(/field is immutable|updates to statefulset spec for fields other than/i),
    fact(
      /no matches for kind "[\w.]+" in version|unable to build kubernetes objects|resource mapping not found/i,
    ),
    fact(/(?:Comparison|Sync|InvalidSpec|Unknown)Error\b/, { weight: 0.85 }),
    fact(
      /failed to (?:generate manifest|load target state)|Manifest generation error|one or more (?:objects|synchronization tasks) (?:failed|are not valid)/i,
    ),
    fact(
      /(?:Helm|Kustomiz\w*) (?:install|upgrade|rollback|build|uninstall|test)\w* failed|kustomize build failed/i,
    ),
    fact(
      /(?:install|upgrade) retries exhausted|Reconciliation failed|\bReconciliationFailed\b|\bBuildFailed\b|\bArtifactFailed\b|\bGitOperationFailed\b/i,
      { weight: 0.85 },
    ),
    fact(
      /failed to (?:checkout and determine revision|clone|fetch artifact|download artifact)|unable to clone/i,
      { weight: 0.85 },
    ),
    fact(/dry-run failed/i, { weight: 0.85 }),
    fact(
      /error validating data: \[?(?:ValidationError|unknown (?:field|object)|apiVersion|kind)|strict decoding error: unknown field/i,
    ),
    fact(/Error (?:acquiring|releasing) the state lock|Error locking state/i),
    // Docker's stacks and compose projects
    fact(/\bdeclared as external, but could not be found\b/i),
    fact(/Sync operation to \S+ failed/i, { calm: true }),
    symptom(/\bOutOfSync\b|status: Degraded/i),
    fact(
      /(?:\bThe \w+|\b\w+\.[\w.]+) \\?"[\w.-]+\\?" is invalid: (?:[[*] ?)?(?:spec|metadata|data|rules|roleRef|subjects)\b/i,
      {
        weight: 0.85,
        unless: /denied request/i,
      },
    ),
    fact(/^Error: (?:failed to (?:download "|fetch \S+\.tgz)|chart "|repo \S+ not found)/i, {
      weight: 0.85,
    }),
    // Argo CD, Flux, CloudFormation, Pulumi, kustomize, the API server
    fact(/Unable to resolve '[^']{1,200}' to a commit SHA/i),
    fact(/\bfailed to list refs: /i, { weight: 0.75 }),
    fact(/\bno artifact available for \w{1,40} source '/i, { weight: 0.75 }),
    fact(/\bResource handler returned message: "[^\n]{1,600}\bHandlerErrorCode: /i, {
      weight: 0.85,
    }),
    fact(/\bthe stack is currently locked by \d+ lock\(s\)/i),
    fact(/\bfailed to find unique target for patch\b/i),
    fact(/\bApply failed with \d+ conflicts?: conflicts? with "/i, {
      unless: /\bforc(?:e|ed|ing)\b/i,
    }),
  ],
  inspect: (picture) =>
    picture.conditions
      .filter((it) => objects.test(it.object) && failed.test(`${it.type} ${it.reason ?? ''}`))
      .filter((it) => it.status !== 'True' || /Error|Stalled/.test(it.type))
      .map((it) =>
        seen('deploy-sync-failed', it.type, it.citation, { app: it.object.replace(/^.*\//, '') }),
      ),
  recovery: [/\bserverside-applied\b|successfully rolled out/i],
  keywords: ['kubernetes', 'helm', 'argocd', 'flux'],
  summary: (situation) =>
    `The new state of ${who(situation)} was not brought into the cluster: rendering or applying its manifests fails, and what ran before runs on.`,
  questions: (situation) => askEvents(situation, 'shows what was refused when it was applied'),
  collect: (situation) => [
    `helm history ${appName(situation)}${place(situation)}`,
    `helm status ${appName(situation)}${place(situation)}`,
  ],
  advice: (situation) => ({
    summary:
      'Correct what the message names and let it sync again. What cannot be changed in place has to be made anew; a release that hangs in “pending” is rolled back first.',
    commands: [
      {
        title: 'See the releases',
        command: `helm history ${appName(situation)}${place(situation)}`,
      },
      {
        title: 'See what would be applied',
        command: `helm get manifest ${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
