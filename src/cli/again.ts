import { pageOf } from '../incident/page';
import { resultOf } from '../incident/result';
import { WarRoom } from '../warRoom';
import { fail, type DiagnoseOptions } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { pageText } from './pageText';
import { statusOf } from './result';
import { styleFor } from './style';

/** What `war-room again` was given. */
export interface AgainOptions extends Pick<
  DiagnoseOptions,
  'workspace' | 'json' | 'pool' | 'model'
> {
  note: string;
  cause?: boolean;
}

/** `war-room again ID --note TEXT`: diagnoses an incident again with what its person says. */
export async function again(
  id: string,
  { workspace, json, pool, model, note, cause }: AgainOptions,
  signal: AbortSignal,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(workspace, false, {}, model));
  try {
    await requireFolder(workspace);
    const said = { note, wrongCause: cause === true, useServers: pool };
    const found = await warRoom.diagnoseAgain(id, said, signal);
    const text = json
      ? JSON.stringify(resultOf(found), null, 2)
      : pageText(pageOf(found), styleFor(process.stdout, process.env));
    process.stdout.write(`${text}\n`);
    return statusOf(found.outcome ?? 'failed');
  } catch (error) {
    return fail(error, json === true);
  } finally {
    await warRoom.close();
  }
}
