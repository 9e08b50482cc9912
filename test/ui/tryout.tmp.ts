import { join } from 'node:path';
import { projectRoot } from '../harness/paths';
import { temporaryRepository } from '../harness/temporary';
import { Session } from './session';

async function main() {
const repository = await temporaryRepository(join(projectRoot, 'media', 'sample'));
const session = await Session.start({ workspace: repository.path, extensions: [projectRoot], env: { ...process.env, WAR_ROOM_DATA: join('/tmp/shots', 'wr-data-' + Date.now()) } });
const { workbench: w, page } = session;
const shot = (n: string) => page.screenshot({ path: `/tmp/shots/${n}.png` });
try {
  await w.openViewContainer('War Room');
  await shot('1-empty');
  const editor = await w.openFile('logs/grafana-oom.log');
  await editor.selectLines(1, 118);
  await w.runCommand('War Room: Diagnose Selected Log');
  await page.waitForTimeout(3000); await shot('2-progress');
  await page.waitForTimeout(20000);
  await shot('3-diff');
  console.log(await w.tabs(), await w.notifications());
} catch (e) { console.log(e); await shot('fail'); }
await session.dispose();
await repository.remove();
}
void main();
