import { GitHistory } from '../../../src/history/gitHistory';
import { IncidentStore } from '../../../src/store/incidentStore';
import { diskAccess } from '../../../src/history/files';
import { evidence } from './evidence';

/** Commands with an effect, and the first one after the commit. */
const effects = /^git (hash-object|update-index|read-tree|write-tree|hook|commit|rev-parse HEAD$)/;

/**
 * Accepts and commits an incident, or takes it back, and kills itself without warning at one step:
 * before the n-th effect on the repository or the working tree.
 */
async function main([
  folder = '',
  id = '',
  what = '',
  step = '0',
]: readonly string[]): Promise<void> {
  let steps = 0;
  const mayDie = () => {
    if (++steps === Number(step)) process.kill(process.pid, 'SIGKILL');
  };
  const quiet = () => undefined;
  const store = await IncidentStore.open(folder);
  const history = new GitHistory({
    store,
    settings: { examplesFolder: 'examples' },
    scanSecrets: () => [],
    log: {
      debug: (message) => effects.test(message) && mayDie(),
      info: quiet,
      warn: quiet,
      error: quiet,
    },
    files: {
      ...diskAccess,
      writeFile: (path, bytes) => {
        mayDie();
        return diskAccess.writeFile(path, bytes);
      },
    },
  });
  const incident = await store.load(id);
  const at = '2026-11-21T11:00:00.000Z';
  const by = 'Sam Oncall <sam@example.com>';
  if (what === 'undo') {
    await history.undo(incident);
  } else {
    await history.commit(
      incident,
      { kind: 'approved', by, at, values: {}, commit: null, branch: null },
      evidence,
    );
  }
  store.dispose();
  process.stdout.write(String(steps));
}

void main(process.argv.slice(2));
