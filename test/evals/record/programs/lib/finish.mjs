// Checks what a recorder left and writes it as a case: finish.mjs OUT CASE-FOLDER SCRIPT-NAME
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [out, target, script] = process.argv.slice(2);
const given = JSON.parse(readFileSync(join(out, 'case.json'), 'utf8'));
const names = readdirSync(join(out, 'evidence'));
const texts = names.map((name) => neutral(readFileSync(join(out, 'evidence', name), 'utf8')));
const problems = [];

for (const proof of given.proof) {
  if (!texts.some((text) => text.split('\n').some((line) => line.includes(proof)))) {
    problems.push(`no line holds the proof: ${proof}`);
  }
}
if (given.log && !names.includes(given.log)) problems.push(`no evidence/${given.log}`);
for (const [index, text] of texts.entries()) {
  const leak = /\/work\/|\/root\/|\/run\/recorder|registry\.npmjs|pythonhosted|maven\.org/.exec(
    text,
  );
  if (leak) problems.push(`${names[index]} shows this machine: ${leak[0]}`);
  if (text.trim() === '') problems.push(`${names[index]} is empty`);
}
const size = names.reduce((sum, name) => sum + statSync(join(out, 'evidence', name)).size, 0);
if (size > 200 * 1024) problems.push(`${size} bytes of evidence`);
if (problems.length > 0) {
  console.error(`${basename(target)}: ${problems.join('; ')}`);
  process.exit(1);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
mkdirSync(join(target, 'evidence'));
for (const [index, name] of names.entries()) {
  writeFileSync(join(target, 'evidence', name), texts[index]);
}
const { category, app, log, proof, program, form, hides, split, provenance, why } = given;
const record = { category, app, log, proof, program, form, hides, split };
Object.assign(record, {
  provenance: provenance ?? 'recorded',
  script: `test/evals/record/programs/${script}`,
  why,
});
writeFileSync(join(target, 'case.json'), JSON.stringify(record, null, 2) + '\n');
console.log(`${basename(target)}: ${names.join(', ')} (${size} bytes)`);

/** Without what the kernel of the recording machine adds to its version. */
function neutral(text) {
  return text.replace(/(\d+\.\d+\.\d+)-fc-v\d+/g, '$1');
}
