import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WarRoomError } from './base/errors';
import { tagged } from './base/log';
import { beginRepository, commitText, setIdentity } from './history/chores';
import { GitHistory } from './history/gitHistory';
import type { Git } from './history/git';
import { recordedIncidents } from './history/incidents';
import { commitMessage } from './history/message';
import { placeOfCommit } from './history/placeOfCommit';
import { isProtectedBranch } from './history/protection';
import { publish } from './history/publish';
import type { Published, Publishing } from './history/publish';
import { revertFix } from './history/revert';
import type { Reversal, Reverted } from './history/revert';
import type { Incident } from './incident/incident';
import type { FileChange, Proposal } from './incident/proposal';
import { containsSecret, maskText } from './intake/masking/mask';
import { proposalBytes, reapply } from './remediation/change';
import { givenValues } from './remediation/givenValues';
import { typedValues, type TypedText } from './remediation/typedValues';
import type { IncidentStore } from './store/incidentStore';
import type { Host } from './host';

/** Everything that works on the person's files and git, put together: a bundle of its own. */
export class RepositoryWork {
  readonly history: GitHistory;
  readonly commitMessage = commitMessage;
  readonly isProtectedBranch = isProtectedBranch;
  readonly commitText = commitText;
  readonly setIdentity = setIdentity;
  readonly givenValues = givenValues;
  readonly beginRepository = beginRepository;
  readonly recordedIncidents = recordedIncidents;
  readonly placeOfCommit = placeOfCommit;
  readonly maskText = maskText;

  constructor(
    private readonly host: Host,
    store: IncidentStore,
  ) {
    this.history = new GitHistory({
      store,
      settings: { examplesFolder: host.settings().examplesFolder },
      scanSecrets: containsSecret,
      files: {
        readFile: (file) => readFile(file),
        writeFile: (file, bytes) => host.writeFile(file, bytes),
        isDirty: (file) => host.isUnsaved(file),
      },
      clock: host.clock,
      log: tagged(host.log, 'history'),
    });
  }

  /** Pushes the branch that holds an incident's commit; see {@link publish}. */
  async publish(incident: Incident, asked: Publishing): Promise<Published> {
    return await publish(this.gitOf(incident, asked.signal), incident, asked);
  }

  /** Takes a committed fix back, with the masked words of why; see {@link revertFix}. */
  async revert(
    incident: Incident,
    said: Pick<Reversal, 'reason' | 'expected'>,
    signal?: AbortSignal,
  ): Promise<Reverted & Pick<Reversal, 'by' | 'at' | 'reason'>> {
    const bench = this.history.bench(incident, signal);
    const by = (await this.history.facts(bench.root)).identity ?? 'unknown';
    const at = new Date(this.host.clock.now()).toISOString();
    const folder = this.host.settings().examplesFolder;
    const [reason, expected] = [maskText(said.reason), maskText(said.expected)];
    const reverted = await revertFix(bench, incident, { by, at, reason, expected, folder });
    return { by, at, reason, ...reverted };
  }

  /** The file of today with the proposed values, or those that the person typed. */
  async proposedBytes(incident: Incident, file: string): Promise<Uint8Array> {
    const { change } = changeOf(incident, file);
    return proposalBytes(await readFile(file), change, incident.typed);
  }

  /** The values in the text of the diff's right side. */
  async typedValues(incident: Incident, file: string, text: Uint8Array): Promise<TypedText> {
    return typedValues(await readFile(file), changeOf(incident, file).change, text);
  }

  /** The proposal with its edits made again on the files of today. */
  async remade(incident: Incident): Promise<Proposal> {
    let { proposal } = changeOf(incident, undefined);
    for (const { path: file } of proposal.files) {
      const bytes = await readFile(path.join(incident.root, file));
      proposal = reapply(proposal, file, bytes);
    }
    return proposal;
  }

  private gitOf(incident: Incident, signal: AbortSignal | undefined): Git {
    const { git } = this.history.bench(incident, signal);
    if (git) return git;
    throw new WarRoomError(
      'no-repository',
      `${incident.id} belongs to no git repository, so nothing was pushed.`,
    );
  }
}

function changeOf(
  { id, root, proposal }: Incident,
  file: string | undefined,
): { proposal: Proposal; change: FileChange } {
  const change =
    file === undefined
      ? proposal?.files[0]
      : proposal?.files.find((each) => path.join(root, each.path) === file);
  if (!proposal || !change) {
    throw new WarRoomError('wrong-state', `${id} proposes no change of this file any more.`);
  }
  return { proposal, change };
}
