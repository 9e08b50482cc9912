import type { ServerImage } from '../../../src/pool/images/serverImage';
import { openPool } from '../../../src/pool/share/openPool';
import { silentLog } from '../../../src/base/log';
import { engineAt } from '../../harness/engine';
import { usualLimits } from '../../integration/pool/requests';
import { leaseRequest, options, ourRuntime, poolOver } from './benchWorld';

/** A window that is the pool: it has leased once, says so, and stays until its input ends. */
async function main(folder: string, owner: string, image: ServerImage): Promise<void> {
  const engine = await engineAt(process.env['DOCKER_HOST'] ?? '');
  const pool = openPool({
    place: { folder, engineKey: 'bench' },
    follow: false,
    limits: () => usualLimits,
    log: silentLog,
    makePool: () => {
      const own = poolOver(ourRuntime(engine, image, owner));
      return Promise.resolve({ pool: own, dispose: () => own.dispose() });
    },
  });
  (await pool.lease(leaseRequest, options)).release();
  process.stdout.write('ready\n');
  process.stdin.on('end', () => void pool.dispose().then(() => process.exit(0))).resume();
}

const [folder = '', owner = '', image = ''] = process.argv.slice(2);
void main(folder, owner, JSON.parse(image) as ServerImage);
