// Writes one recorded case: its evidence files and case.json.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the recording machine -> what they are called on any other. */
const neutral = [
  [new RegExp(process.env.RECORD_CLIENTS ?? '/opt/ops', 'g'), '/opt/ops'],
  [/\/tmp\/test-cluster\/run\/containerd/g, '/run/containerd'],
  [/\/tmp\/test-cluster\/kubelet/g, '/var/lib/kubelet'],
  [/\/tmp\/wr-docker\/docker\.sock/g, '/var/run/docker.sock'],
  [/%2Ftmp%2Fwr-docker%2Fdocker\.sock/g, '%2Fvar%2Frun%2Fdocker.sock'],
  [/\/tmp\/wr-docker\/data/g, '/var/lib/docker'],
  [/\/tmp\/wr-docker\/exec/g, '/var/run/docker'],
  [/\/root\/\.pyenv\/versions\/[\d.]+/g, '/usr'],
  [/\/tmp\/plane-\w+\/run\/containerd/g, '/run/containerd'],
  [/\/tmp\/plane-\w+\/kubelet/g, '/var/lib/kubelet'],
  [/\/tmp\/plane-\w+\/logs/g, '/var/log/pods'],
  [/https:\/\/127\.0\.0\.1:16443/g, 'https://10.96.0.1:443'],
  [/(\d+\.\d+\.\d+)-fc-v\d+/g, '$1'],
  [/10\.255\.255\.53/g, '10.0.0.2'],
  [/127\.0\.0\.2\b/g, '10.20.4.15'],
];

const largest = 200 * 1024;

/**
 * Writes `<folder>/<id>/`. Fails when a line that the case calls its proof is not in the
 * evidence, so that a recording that did not break as meant is never kept.
 * @param {string} folder
 * @param {string} script path of the recording script, from the repository's root
 * @param {object} scenario the case's facts (see the README), with `id`
 * @param {Record<string, string>} printed file name -> what was printed
 */
export async function writeCase(folder, script, scenario, printed) {
  const evidence = Object.entries(printed).map(([name, text]) => [
    name,
    neutral.reduce((kept, [from, to]) => kept.replace(from, to), text),
  ]);
  const all = evidence.map(([, text]) => text).join('\n');
  for (const proof of scenario.proof) {
    if (!all.includes(proof))
      throw new Error(`the evidence lacks "${proof}":\n${all.slice(0, 3000)}`);
  }
  if (all.length > largest) throw new Error(`${all.length} bytes of evidence`);
  for (const [name, text] of evidence) {
    if (text.trim() === '' && !scenario.mayBeEmpty) throw new Error(`${name} is empty`);
  }
  const place = join(folder, scenario.id);
  await rm(place, { recursive: true, force: true });
  await mkdir(join(place, 'evidence'), { recursive: true });
  for (const [name, text] of evidence) await writeFile(join(place, 'evidence', name), text);
  const { category, app, log, proof, program, form, hides, split, why } = scenario;
  const facts = { category, app, log, proof, program, form, hides: hides ?? null, split };
  const rest = { provenance: scenario.provenance ?? 'recorded', script, why };
  await writeFile(join(place, 'case.json'), `${JSON.stringify({ ...facts, ...rest }, null, 2)}\n`);
}

/** What an earlier recording of a case printed: file name -> text. */
export async function printedBefore(folder, id) {
  const place = join(folder, id, 'evidence');
  const texts = (await readdir(place)).map(async (name) => [
    name,
    await readFile(join(place, name), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}
