import { pageOf, titleOf } from '../incident/page';
import { WarRoom } from '../warRoom';
import { fail } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { pageText } from './pageText';
import { resultOf } from '../incident/result';
import { exitStatus } from './result';
import { styleFor } from './style';

/** `war-room incidents [ID]`: the stored incidents of the repository, or one of them whole. */
export async function incidents(
  id: string | undefined,
  { workspace, json }: { workspace: string; json?: boolean },
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(workspace, false));
  const style = styleFor(process.stdout, process.env);
  try {
    await requireFolder(workspace);
    await warRoom.reconcile();
    if (id !== undefined) {
      const incident = await warRoom.incident(id);
      write(json ? resultOf(incident) : pageText(pageOf(incident), style));
      return exitStatus.done;
    }
    const all = await warRoom.incidents();
    if (json) write(all.map(resultOf));
    else if (all.length === 0) write('No incidents are stored for this repository.');
    else {
      write(all.map((each) => `${each.id}  ${each.state.padEnd(21)}  ${titleOf(each)}`).join('\n'));
    }
    return exitStatus.done;
  } catch (error) {
    return fail(error, json === true);
  } finally {
    await warRoom.close();
  }
}

function write(what: unknown): void {
  process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what, null, 2)}\n`);
}
