// `helm test` of a release: what was installed, and what its test pod said.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeChart } from '../lib/chart.mjs';
import { nameImages, recordAll } from '../lib/kubernetes.mjs';
import { run, words } from '../lib/shell.mjs';

const script = 'test/evals/record/platform/helmTests.mjs';

/** `helm test` of the chart: what was installed, and what the test pod said. */
const helmTest = ({ release, values, ...scenario }) => ({
  app: release,
  log: 'release.log',
  form: 'application-log',
  namespace: scenario.namespace,
  manifests: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${release}-settings }\ndata: { region: eu }\n`,
  evidence: {
    'release.log': async (namespace) => {
      const at = await mkdtemp(join(tmpdir(), 'charts-'));
      await writeChart(at, release);
      await nameImages(`image: shop/${release}:1.8.0`);
      const helm = async (line, more = []) => {
        const args = [...words(line.replace('./', `${at}/`)), '-n', namespace];
        const { code, text } = await run('helm', [...args, ...more], { seconds: 200 });
        return `$ helm ${line} -n ${namespace}\n${text}${code ? `exit status ${code}\n` : ''}`;
      };
      const more = Object.entries(values).flatMap(([key, value]) => [
        '--set-string',
        `${key}=${value.replaceAll(',', '\\,')}`,
      ]);
      const text =
        (await helm(`upgrade --install ${release} ./${release} --wait --timeout 90s`, more)) +
        (await helm(`test ${release} --logs --timeout 90s`));
      await rm(at, { recursive: true });
      return text;
    },
    'overview.txt': 'get pods,services,endpoints -o wide',
  },
  ...scenario,
});

const scenarios = [
  helmTest({
    id: 'dns-failure-parcels-helm-test-curl',
    category: 'dns-failure',
    release: 'parcels',
    proof: ['Could not resolve host: parcels-api'],
    program: 'helm 3.19 test, curl 7.88',
    hides: 'Phase: Failed, pod parcels-check failed',
    why: 'The release itself is well; its test asks a name that no service has.',
    namespace: 'parcels',
    values: {
      check:
        'echo "1..2"; curl -sSf -o /dev/null http://parcels/ && echo "ok 1 - front page"; curl -sS --retry 2 --retry-delay 2 http://parcels-api/v2/rates || { echo "not ok 2 - rates (exit $?)"; exit 1; }',
    },
  }),
  helmTest({
    id: 'no-incident-storefront-helm-test-passed',
    split: 'tune',
    category: 'no-incident',
    release: 'storefront',
    proof: [],
    program: 'helm 3.19 test, python unittest',
    hides: 'connection refused, fatal error page, ERROR lines of tests that expect them',
    why: 'The tests of the release provoke failures on purpose, all passed, and the test pod ended well.',
    namespace: 'storefront-ok',
    values: { check: 'cd /srv/app && exec python3 test_storefront.py' },
  }),
].map((scenario) => ({ split: 'held-out', ...scenario }));

await recordAll(script, scenarios, { atOnce: 3 });
