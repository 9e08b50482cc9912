import { beforeAll, describe, expect, it, vi } from 'vitest';

import { pageOf } from '../../../src/incident/page';
import type { Incident } from '../../../src/incident/incident';
import { need } from '../mcp/prerequisite';
import { startExporter } from './exporter';
import { Fleet, prepareFleets } from './fleet';
import { probePort } from './kinds';
import { missingPrometheus, RealPrometheus } from './realPrometheus';

vi.setConfig({ testTimeout: 240_000 });

const missingFleet = prepareFleets();
let missing: string | null;
beforeAll(async () => {
  missing = missingFleet() ?? (await missingPrometheus());
});

/** Its memory has a limit, to be measured against. */
const limited = {
  ...probePort,
  values: `${probePort.values}resources:\n  limits:\n    memory: 64Mi\n`,
};

/** An application that fails its readiness probe, with a real Prometheus that scrapes it. */
class Scraped implements AsyncDisposable {
  private constructor(
    readonly fleet: Fleet,
    readonly prometheus: RealPrometheus,
    private readonly exporter: AsyncDisposable,
  ) {}

  static async make(
    name: string,
    honorLabels: boolean,
    around: Readonly<Record<string, string | undefined>>,
  ): Promise<Scraped> {
    let namespace = 'none';
    const exporter = await startExporter(() => namespace);
    const prometheus = await RealPrometheus.start({ target: exporter.address, honorLabels });
    const environment = { ...around, WAR_ROOM_PROMETHEUS_URL: prometheus.url };
    const fleet = await Fleet.make(name, { ...limited, environment });
    namespace = fleet.namespace;
    return new Scraped(fleet, prometheus, exporter);
  }

  /** Diagnoses it, and commits what is proposed. @returns the incident's id */
  async fixed(): Promise<string> {
    const { fleet } = this;
    const found = await fleet.diagnose(await fleet.evidence(probePort.broken));
    return (await fleet.approve(found.id)).id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]();
    await this.prometheus[Symbol.asyncDispose]();
    await this.exporter[Symbol.asyncDispose]();
  }
}

async function lookUntil(fleet: Fleet, id: string, is: (incident: Incident) => boolean) {
  return await vi.waitUntil(
    async () => {
      const incident = await fleet.warRoom.rollouts.look(id);
      return is(incident) ? incident : null;
    },
    { timeout: 60_000, interval: 500 },
  );
}

/** The kubelet measures memory every ten seconds or so, and a rate takes two scrapes. */
const failsAll = ({ rollout }: Incident) =>
  rollout?.before?.service?.errorRate === 1 && rollout.before.by?.memory !== undefined;

const end = (fleet: Fleet, id: string) =>
  fleet.warRoom.rollouts.wait(id, () => undefined, AbortSignal.timeout(120_000));

describe('Verification by Prometheus', () => {
  it.concurrent('measures before and after, beside the cluster, and is missed', async (context) => {
    need(context, missing);
    const cluster = { KUBECONFIG: process.env['KUBECONFIG'] };
    await using scraped = await Scraped.make('metrics', true, cluster);
    const { fleet, prometheus } = scraped;
    const id = await scraped.fixed();
    const before = await lookUntil(fleet, id, failsAll);
    expect(before.rollout?.before).toMatchObject({
      pods: { ready: 0, memoryLimitBytes: 64 * 2 ** 20 },
      by: { pods: 'cluster', memory: 'prometheus', errorRate: 'prometheus' },
    });

    fleet.sync();
    const asked = ({ rollout }: Incident) =>
      rollout?.measures.at(-1)?.by?.errorRate === 'prometheus';
    // Trouble is recorded also where a part is missing, so all has to be well first.
    const isWell = ({ state, rollout }: Incident) =>
      state === 'verifying' && (rollout?.stableSince ?? null) !== null;
    await lookUntil(fleet, id, (each) => isWell(each) && asked(each));
    await prometheus.goAway();
    const blind = await fleet.warRoom.rollouts.look(id);
    expect(blind.state).toBe('verifying');
    expect(blind.rollout?.measures.at(-1)?.at).not.toBe(blind.rollout?.lookedAt);
    expect(pageOf(blind).verification.join('\n')).toMatch(
      /Not measured: http:\S+ cannot be reached/,
    );
    expect(JSON.stringify(blind)).not.toContain('hidden');

    await prometheus.comeBack();
    const resolved = await end(fleet, id);
    expect(resolved.state, JSON.stringify(resolved.rollout)).toBe('resolved');
    expect(pageOf(resolved).verification.join('\n')).toMatch(
      /Before: 0 of 1 pods ready, .*100% of its requests fail \(Prometheus\)\nNow: 1 of 1 pods ready, .* [\d.]+% of its requests fail \(Prometheus\)/,
    );
  });

  it.concurrent(
    'is enough without a cluster, once a person says that it is live',
    async (context) => {
      need(context, missing);
      await using scraped = await Scraped.make('scraped', false, { KUBECONFIG: '/dev/null' });
      const { fleet } = scraped;
      const id = await scraped.fixed();
      const before = await lookUntil(fleet, id, failsAll);
      expect(before).toMatchObject({ state: 'awaiting-rollout', rollout: { liveAt: null } });
      expect(before.rollout?.before?.by).toMatchObject({ pods: 'prometheus' });
      fleet.sync();
      await fleet.synced();
      await fleet.warRoom.rollouts.markRolledOut(id);
      const resolved = await end(fleet, id);
      expect(resolved.state, JSON.stringify(resolved.rollout)).toBe('resolved');
      expect(resolved.rollout?.verdict?.findings.join('\n')).toMatch(
        /Before: 0 of 1 pods ready \(Prometheus\)[^]*Now: 1 of 1 pods ready \(Prometheus\)/,
      );
    },
  );
});
