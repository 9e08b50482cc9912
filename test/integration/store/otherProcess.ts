import { IncidentStore } from '../../../src/store/incidentStore';

/** A second process of the same person: `run-lock`, `lock-and-hang` or `update` on one incident. */
async function main([
  folder = '',
  id = '',
  what = '',
  count = '1',
]: readonly string[]): Promise<void> {
  const store = await IncidentStore.open(folder);
  if (what === 'update') {
    for (let index = 0; index < Number(count); index++) {
      await store.update(id, (one) => ({
        ...one,
        keywords: [...one.keywords, `${process.pid}-${index}`],
      }));
    }
    return store.dispose();
  }
  if (what === 'run-lock') {
    await store.runLock(id);
  } else {
    await store.update(id, (one) => {
      process.stdout.write('inside\n');
      // Killed inside the update, that is with the update lock held.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return one;
    });
  }
  process.stdout.write('locked\n');
  setInterval(() => undefined, 1_000);
}

void main(process.argv.slice(2));
