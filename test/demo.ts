import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// The main job end to end on a copy of the sample repository, with nothing but the built command:
// no key, no Docker, no cluster. `-- --yes` asks nothing.

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'war-room-demo-'));
const sample = path.join(folder, 'sample');
const environment = {
  ...process.env,
  WAR_ROOM_DATA: path.join(folder, 'data'),
  // The demonstration's commit must not depend on who runs it or how their git is set up.
  GIT_CONFIG_GLOBAL: path.join(folder, 'no-gitconfig'),
  GIT_AUTHOR_NAME: 'On Call',
  GIT_AUTHOR_EMAIL: 'on.call@example.com',
  GIT_COMMITTER_NAME: 'On Call',
  GIT_COMMITTER_EMAIL: 'on.call@example.com',
};

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: sample, env: environment, encoding: 'utf8' });
const title = (text: string) => console.log(`\n\u001b[1m== ${text}\u001b[0m\n`);

cpSync(path.join(root, 'media', 'sample'), sample, { recursive: true });
git('init', '--quiet', '--initial-branch=main');
git('add', '.');
git('commit', '--quiet', '--message', 'The sample repository');

title(`war-room diagnose logs/grafana-oom.log   (in ${sample})`);
const { status } = spawnSync(
  process.execPath,
  [path.join(root, 'dist', 'cli.js'), 'diagnose', 'logs/grafana-oom.log', ...process.argv.slice(2)],
  { cwd: sample, env: environment, stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);

title('git log');
console.log(git('log', '--stat', '--format=%h %an%n%n%B'));

for (const incident of git('ls-tree', '-d', '--name-only', 'HEAD', 'examples/').split('\n')) {
  if (!incident) continue;
  title(`${incident}: ${readdirSync(path.join(sample, incident)).join(', ')}`);
  console.log(readFileSync(path.join(sample, incident, 'summary.md'), 'utf8'));
}
console.log(`Everything lies in ${sample} until you remove it.`);
