import { actedSentence, callOf } from '../incident/clusterAction';
import type { ClusterAction } from '../incident/clusterAction';
import type { Incident } from '../incident/incident';
import type { WarRoom } from '../warRoom';

/** What came of an approval. */
export interface Approved {
  incident: Incident;
  /** A sentence for the person. */
  said: string;
  /** A line for standard error where `said` is not printed; null when the result says it all. */
  warning: string | null;
}

/** What of a change is approved, and where to. */
export interface Approving {
  /** Files of several, relative to the repository; null is all. */
  paths?: readonly string[] | null;
  /** Commit on `war-room/<id>` also where the current branch is not protected. */
  ownBranch?: boolean;
  /** The call of an action that the person has said yes to; without it the call is printed first. */
  shown?: string;
}

/**
 * Applies the change that waits and commits it. Where there is no repository it is applied alone,
 * and said: the incident is `accepted` then, and its outcome stays `proposed`. An action in the
 * cluster is made.
 * @throws what keeps the file from being written or git from committing
 */
export async function approve(
  warRoom: WarRoom,
  id: string,
  { paths = null, ownBranch = false, shown }: Approving = {},
): Promise<Approved> {
  const { repository, state, proposal } = await warRoom.incident(id);
  if (proposal?.action) return await act(warRoom, id, shown ?? told(proposal.action));
  const already = state === 'accepted';
  if (repository === null) return await apply(warRoom, id, { paths, already });
  const { approval } = warRoom;
  const branch = ownBranch ? `war-room/${id}` : await approval.branchFor(id);
  const incident = await approval.acceptAndCommit(id, branch, paths);
  const where = incident.branch ? ` on ${incident.branch}` : '';
  const said = [`Committed ${incident.commit ?? ''}${where}`, ...incident.notes].join('\n');
  return { incident, said, warning: null };
}

/** Puts the change into the file and stages it where there is a repository. */
export async function apply(
  warRoom: WarRoom,
  id: string,
  { paths = null, already = false }: Pick<Approving, 'paths'> & { already?: boolean } = {},
): Promise<Approved> {
  const before = await warRoom.incident(id);
  const action = before.proposal?.action;
  if (action) return await act(warRoom, id, told(action));
  const incident = already ? before : await warRoom.approval.accept(id, paths);
  const { accepted } = incident;
  if (accepted?.staged) {
    const said = 'Accepted and staged. Committing it is the approval.';
    return { incident, said, warning: null };
  }
  const files = accepted?.files.map(({ path }) => path).join(', ') ?? 'The file';
  const said = `${files} holds the change. There is no git repository here, so nothing was committed.`;
  return { incident, said, warning: said };
}

/** Prints the call that is made next, on standard error so that the result stays alone, and returns it. */
function told(action: ClusterAction): string {
  const call = callOf(action);
  process.stderr.write(`${call}\n`);
  return call;
}

/** Makes the approved action in the cluster; its answer is what is said. */
async function act(warRoom: WarRoom, id: string, shown: string): Promise<Approved> {
  const incident = await warRoom.approval.acceptAndCommit(id, null, null, shown);
  const said = incident.acted ? actedSentence(incident.acted) : `${id} is ${incident.state}.`;
  return { incident, said: [said, ...incident.notes].join('\n'), warning: null };
}
