import { text } from 'node:stream/consumers';

import { withDeadline } from '../../base/deadline';
import type { Engine } from '../engine/connect';
import { containerOptions } from '../runtimes/docker/containerOptions';
import type { ContainerLimits } from '../runtimes/docker/containerOptions';
import { startContainer } from '../runtimes/docker/startContainer';
import type { RunningContainer } from '../runtimes/docker/startContainer';
import type { ServerSpec } from '../serverSpec';
import type { ServerImage } from './serverImage';

/** A container of ours as at run time, but without any network and without anybody's values. */
export interface Sealed {
  spec: Pick<ServerSpec, 'name' | 'args'>;
  image: Pick<ServerImage, 'id' | 'command' | 'environment'>;
  limits: ContainerLimits;
  /** Text of the owner label. */
  owner: string;
  /** Folder that it may write, and that goes with the container. */
  writable?: string;
}

/** Starts a container that nothing goes out of. It removes itself when it ends. */
export async function startSealed(
  engine: Engine,
  { spec, image, limits, owner, writable }: Sealed,
  onErrorLine: (line: string) => void,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const options = containerOptions({
    request: {
      spec: { ...spec, program: { kind: 'oci', image: image.id }, ...alone },
      environment: {},
      onErrorLine,
    },
    image: { ...image, isGuarded: false, notice: null },
    args: spec.args,
    environment: {},
    limits,
    cpusAtStart: engine.facts.cpus,
    isPodman: engine.facts.isPodman,
    network: null,
    hostName: null,
    owner,
    now: new Date(),
  });
  const volumes = writable === undefined ? {} : { Volumes: { [writable]: {} } };
  return await startContainer(
    engine,
    { ...options, ...volumes },
    { onErrorLine, signal, runtimeSignal: signal },
  );
}

const alone = { environment: [], state: 'none', hosts: [] } as const;

/**
 * Runs a program of an image to its end.
 * @returns what it wrote on its standard output, and how it ended
 */
export async function runToEnd(
  engine: Engine,
  sealed: Sealed,
  ms: number,
  signal: AbortSignal,
): Promise<{ output: string; errors: string; status: number | null }> {
  return await withDeadline(`Running ${sealed.spec.name}`, ms, signal, async (within) => {
    const errors: string[] = [];
    const container = await startSealed(engine, sealed, (line) => errors.push(line), within);
    try {
      container.attachment.input.end();
      const [output, status] = await Promise.all([
        text(container.attachment.output),
        container.exit,
      ]);
      return { output, status, errors: errors.join('\n') };
    } finally {
      container.disconnect();
    }
  });
}
