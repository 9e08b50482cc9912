import type { Engine } from './connect';
import { askEngine } from './stream';
import type { ContainerCreateOptions } from './types';

export interface CreatedContainer {
  id: string;
  /** What the engine could not do as it was asked, in its own words. */
  warnings: readonly string[];
}

/**
 * Makes a container. Dockerode's own call drops the warnings, and repeats everything, secrets
 * included, in the address of the request.
 */
export async function createContainer(
  { place }: Engine,
  name: string,
  options: ContainerCreateOptions,
  signal: AbortSignal,
): Promise<CreatedContainer> {
  const path = `/containers/create?name=${encodeURIComponent(name)}`;
  const request = { method: 'POST', path, body: options } as const;
  const { Id, Warnings } = await askEngine<{ Id: string; Warnings: string[] | null }>(
    place.connection,
    request,
    signal,
  );
  return { id: Id, warnings: Warnings ?? [] };
}
