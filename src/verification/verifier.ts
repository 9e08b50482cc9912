import { withDeadline } from '../base/deadline';
import { WarRoomError, messageOf } from '../base/errors';
import type { Incident } from '../incident/incident';
import { justCommitted } from '../incident/rollout';
import type { Verdict } from '../incident/rollout';
import { advanced, waitsForRollout } from './advance';
import { lookOnce } from './eyes';
import { findingsOf } from './findings';
import type { CommitPlace, VerificationPorts } from './ports';

const lookDeadlineMs = 60_000;
const lockWaitMs = 5_000;

/** Looks whether a committed change is live and helped. All that it knows lies on disk. */
export class Verifier {
  constructor(private readonly ports: VerificationPorts) {}

  /**
   * Looks once, and writes what was found. Nothing happens to an incident that waits for no rollout.
   * @throws code `locked` when another process is at it, `deadline`, `cancelled`
   */
  async look(id: string, signal: AbortSignal): Promise<Incident> {
    const { records, clock, pace } = this.ports;
    const lock = await records.runLock(id, 0, signal);
    try {
      const incident = await records.load(id);
      if (!waitsForRollout(incident)) return incident;
      const [seen, place] = await withDeadline(
        `The look at ${id}`,
        lookDeadlineMs,
        signal,
        async (own) =>
          await Promise.all([lookOnce(this.ports, incident, own), this.placeOf(incident, own)]),
      );
      const at = new Date(clock.now()).toISOString();
      return await records.update(id, (each) =>
        waitsForRollout(each) ? advanced(each, { seen, place, at }, pace()) : each,
      );
    } finally {
      await lock.release();
    }
  }

  /**
   * A person says that the change is rolled out where nobody else can tell: the next look starts the
   * clock.
   * @throws code `wrong-state`
   */
  async markRolledOut(id: string, by: string, signal: AbortSignal): Promise<Incident> {
    return await this.changed(id, signal, (incident) => {
      if (incident.state !== 'awaiting-rollout') throw waitsForNone(incident);
      const rollout = incident.rollout ?? justCommitted;
      const note = `${by} says that the change is rolled out.`;
      return {
        ...incident,
        rollout: { ...rollout, stage: 'said', where: null, lookedAt: null },
        timeline: [...incident.timeline, { at: this.now(), state: incident.state, note }],
      };
    });
  }

  /**
   * A person closes the incident, whatever was seen.
   * @throws code `wrong-state`
   */
  async close(id: string, by: string, signal: AbortSignal): Promise<Incident> {
    return await this.changed(id, signal, (incident) => {
      if (!waitsForRollout(incident) && incident.state !== 'escalated')
        throw waitsForNone(incident);
      const rollout = incident.rollout ?? justCommitted;
      const summary = `Marked as resolved by ${by}.`;
      const verdict: Verdict = {
        result: 'closed',
        at: this.now(),
        summary,
        findings: rollout.verdict?.findings ?? findingsOf(rollout),
      };
      return {
        ...incident,
        state: 'resolved',
        rollout: { ...rollout, verdict },
        timeline: [...incident.timeline, { at: verdict.at, state: 'resolved', note: summary }],
      };
    });
  }

  private async changed(
    id: string,
    signal: AbortSignal,
    change: (incident: Incident) => Incident,
  ): Promise<Incident> {
    const lock = await this.ports.records.runLock(id, lockWaitMs, signal);
    try {
      return await this.ports.records.update(id, change);
    } finally {
      await lock.release();
    }
  }

  /** What git cannot tell keeps nobody from looking at the cluster. */
  private async placeOf(incident: Incident, signal: AbortSignal): Promise<CommitPlace> {
    try {
      return await this.ports.placeOf(incident, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.ports.log.warn(
        `${incident.id}: git did not tell where the commit is: ${messageOf(error)}`,
      );
      return { stage: 'committed', where: null };
    }
  }

  private now(): string {
    return new Date(this.ports.clock.now()).toISOString();
  }
}

function waitsForNone({ id, state }: Incident): WarRoomError {
  return new WarRoomError(
    'wrong-state',
    `${id} is ${state} and waits for no rollout; nothing was changed.`,
  );
}
