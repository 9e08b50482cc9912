import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { FactValues } from '../../../../src/incident/analysis';
import type { Plan } from '../../../../src/incident/proposal';
import { createPlanner } from '../../../../src/remediation/planner';
import { projectRoot } from '../../../harness/paths';
import { analysisOf } from '../facts';

const layouts = join(projectRoot, 'test', 'fixtures', 'layouts');

interface Running {
  context?: string;
  namespace?: string;
  facts?: Partial<FactValues>;
}

/** What the plan of a container `shop` comes to that was killed at 512Mi. */
async function planIn(layout: string, { context, namespace, facts }: Running = {}): Promise<Plan> {
  const place = { context: context ?? null, application: null, valuesFile: null };
  const known = { memoryLimit: '512Mi', container: 'shop', ...facts };
  return await createPlanner().plan(
    {
      analysis: analysisOf('oom-killed', known),
      app: 'shop',
      place: { ...place, namespace: namespace ?? null },
      roots: [join(layouts, layout)],
    },
    new AbortController().signal,
  );
}

/** The file and the path of every edit, or what else the plan is. */
function outcome(plan: Plan): string {
  if (plan.kind === 'choose') return `choose ${plan.candidates.map(({ path }) => path).join(' ')}`;
  if (plan.kind === 'advice') return `advice: ${plan.advice.summary}`;
  return plan.proposal.files
    .flatMap(({ path, edits }) =>
      edits.map(({ keyPath, before, after, document }) => {
        const file = document === undefined ? path : `${path}[${document}]`;
        return `${file} ${keyPath.join('.')} ${before} -> ${after}`;
      }),
    )
    .join(', ');
}

const limit = 'resources.limits.memory 512Mi -> 1024Mi';
const inDeployment = `spec.template.spec.containers.1.${limit}`;

/** The one edit in each layout. */
const edits: readonly [string, string, Running?][] = [
  ['plain-chart', `chart/values.yaml ${limit}`],
  ['umbrella-alias', `values.yaml shop.${limit}`],
  ['umbrella-nested', `apps/platform/values.yaml storefront.shop.${limit}`],
  ['umbrella-global', `values.yaml global.shopResources.${limit}`],
  ['env-files', `charts/shop/values-prod.yaml ${limit}`, { namespace: 'prod' }],
  ['env-files', `charts/shop/values-staging.yaml ${limit}`, { namespace: 'staging' }],
  ['env-folders', `environments/prod/shop/values.yaml ${limit}`, { namespace: 'shop-prod' }],
  ['helmfile', `values/shop/prod.yaml ${limit}`, { namespace: 'shop-prod' }],
  ['argo-values', `apps/shop.yaml[0] spec.source.helm.values.${limit}`],
  ['argo-values-object', `apps.yaml[1] spec.source.helm.valuesObject.${limit}`],
  ['argo-parameters', `apps/shop.yaml[0] spec.source.helm.parameters.1.value 512Mi -> 1024Mi`],
  ['argo-multi-source', `values/shop/prod.yaml ${limit}`, { namespace: 'shop-prod' }],
  ['argo-multi-source', `values/shop/base.yaml ${limit}`, { namespace: 'shop-staging' }],
  [
    'argo-set-list',
    'applicationset.yaml[0] spec.generators.0.list.elements.1.memory 512Mi -> 1024Mi',
    { namespace: 'shop-prod' },
  ],
  [
    'argo-set-template',
    `applicationset.yaml[0] spec.template.spec.source.helm.valuesObject.${limit}`,
  ],
  ['argo-set-git', `clusters/prod/shop.yaml ${limit}`],
  ['flux-values', `clusters/prod/shop.yaml[0] spec.values.${limit}`],
  ['flux-config-map', `apps/shop.yaml[0] data.values.yaml.${limit}`],
  ['flux-generated', `apps/shop/shop-values.yaml ${limit}`],
  [
    'flux-overlay',
    `apps/production/shop-values.yaml[0] spec.values.${limit}`,
    { context: 'production' },
  ],
  ['kustomize-charts', `shop/kustomization.yaml[0] helmCharts.1.valuesInline.${limit}`],
  ['kustomize-more-files', `shop/values-prod.yaml ${limit}`],
  [
    'kustomize-patch',
    `overlays/prod/memory.yaml[0] spec.template.spec.containers.0.${limit}`,
    { namespace: 'shop-prod' },
  ],
  ['kustomize-patch', `base/deployment.yaml[0] ${inDeployment}`, { namespace: 'shop-staging' }],
  [
    'kustomize-json-patch',
    'overlays/prod/kustomization.yaml[0] patches.0.patch.0.value 512Mi -> 1024Mi',
  ],
  ['kustomize-json-file', 'overlays/prod/memory.yaml[0] 0.value.limits.memory 512Mi -> 1024Mi'],
  ['plain-manifests', `k8s/shop.yaml[1] ${inDeployment}`],
  [
    'plain-cron-job',
    `jobs/report.yaml[0] spec.jobTemplate.spec.template.spec.containers.0.${limit}`,
    { facts: { container: 'report' } },
  ],
];

/** Layouts that end in words, and what these say. */
const words: readonly [string, RegExp, Running?][] = [
  ['helmfile-template', /values\.yaml\.gotmpl is a template, which is never edited/],
  [
    'helmfile',
    /ran with 512Mi, but in the file resources\.limits\.memory is 384Mi/,
    { namespace: 'shop-staging' },
  ],
  ['flux-secret', /Secret shop-values holds values too; a secret is never edited/],
  ['jsonnet', /main\.jsonnet is jsonnet's/],
];

describe('each layout', () => {
  it.each(edits)('%s: %s', async (layout, expected, running) => {
    expect(outcome(await planIn(layout, running))).toBe(expected);
  });

  it.each(words)('%s ends in words: %s', async (layout, expected, running) => {
    const plan = await planIn(layout, running);
    expect(outcome(plan)).toMatch(/^advice: /);
    expect(outcome(plan)).toMatch(expected);
  });

  it('has a fixture that is tried', () => {
    const tried = new Set([...edits, ...words].map(([layout]) => layout));
    expect([...tried].sort()).toEqual(readdirSync(layouts).sort());
  });
});

describe('what leads to one of several', () => {
  const layout = 'argo-multi-source';

  it.each<[string, Partial<FactValues>, string]>([
    ["Argo CD's Application", { argoApplication: 'shop-staging' }, 'values/shop/base.yaml'],
    ["Argo CD's Application", { argoApplication: 'shop-prod' }, 'values/shop/prod.yaml'],
    ['the namespace of the evidence', { namespace: 'shop-staging' }, 'values/shop/base.yaml'],
  ])('%s', async (_, facts, path) => {
    expect(outcome(await planIn(layout, { facts }))).toBe(`${path} ${limit}`);
  });

  it('is asked for where nothing tells', async () => {
    expect(outcome(await planIn(layout))).toBe(
      'choose values/shop/prod.yaml values/shop/base.yaml',
    );
  });

  it('is asked for where the labels name another release than the only one', async () => {
    const facts = { helmRelease: 'another', argoApplication: 'another' };
    expect(outcome(await planIn('argo-values', { facts }))).toBe('choose apps/shop.yaml');
  });

  it('tells who else takes the text', async () => {
    const plan = await planIn('argo-set-template');
    const warnings = plan.kind === 'proposal' ? plan.proposal.warnings.join() : '';
    expect(warnings).toMatch(/^It counts for Argo CD ApplicationSet shop, Application shop-\w+/);
  });
});
