import { WarRoomError } from '../base/errors';
import type { RecordedIncident } from '../history/incidents';
import { oneLine } from '../incident/leave';
import { pageOf, titleOf } from '../incident/page';
import { resultOf } from '../incident/result';
import { WarRoom } from '../warRoom';
import { fail } from './diagnose';
import { requireFolder, terminalHost } from './host';
import { pageText } from './pageText';
import { exitStatus } from './result';
import { styleFor } from './style';

export interface IncidentsOptions {
  workspace: string;
  json?: boolean;
  /** What git tells, not the store. */
  recorded?: boolean;
}

/** `war-room incidents [ID]`: the incidents of the repository, stored or recorded, or one of them whole. */
export async function incidents(
  id: string | undefined,
  { workspace, json, recorded }: IncidentsOptions,
): Promise<number> {
  const warRoom = new WarRoom(terminalHost(workspace, false));
  try {
    await requireFolder(workspace);
    if (recorded) {
      if (id !== undefined)
        throw new WarRoomError('wrong-usage', 'Give an id or --recorded, not both.');
      const all = await warRoom.recorded();
      write(
        json ? all : listed(all.map(recordedLine), 'No incidents are recorded in its history.'),
      );
      return exitStatus.done;
    }
    await warRoom.reconcile();
    if (id !== undefined) {
      const incident = await warRoom.incident(id);
      const style = styleFor(process.stdout, process.env);
      write(json ? resultOf(incident) : pageText(pageOf(incident), style));
      return exitStatus.done;
    }
    const all = await warRoom.incidents();
    const lines = all.map((each) => line(each.id, each.state, titleOf(each)));
    write(json ? all.map(resultOf) : listed(lines, 'No incidents are stored for this repository.'));
    return exitStatus.done;
  } catch (error) {
    return fail(error, json === true);
  } finally {
    await warRoom.close();
  }
}

/** Whoever may commit wrote it: nothing in it makes a line of its own, or is what it should be. */
function recordedLine({ id, category, commit, summary }: RecordedIncident): string {
  const what = [summary?.app, category].filter((each) => each !== null && each !== undefined);
  const by = commit ? ` (${commit.sha.slice(0, 9)} ${commit.subject})` : '';
  const state = String(summary?.status ?? 'committed');
  return line(oneLine(id), oneLine(state), oneLine(`${what.join(': ')}${by}`));
}

function line(id: string, state: string, title: string): string {
  return `${id}  ${state.padEnd(21)}  ${title}`;
}

function listed(lines: readonly string[], none: string): string {
  return lines.length === 0 ? none : lines.join('\n');
}

function write(what: unknown): void {
  process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what, null, 2)}\n`);
}
