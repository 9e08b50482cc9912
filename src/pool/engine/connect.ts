import { Agent } from 'node:https';
import { homedir } from 'node:os';

import type Docker from 'dockerode';
import type { DockerOptions } from 'dockerode';

import { withDeadline } from '../../base/deadline';
import { WarRoomError } from '../../base/errors';
import { readFacts } from './facts';
import type { EngineFacts } from './facts';
import { enginePlaces, usualSockets } from './place';
import type { EngineConnection, EnginePlace, EngineSurroundings } from './place';
import { unavailable } from './unavailable';

const answerMs = 10_000;

/** A container engine that has answered. */
export interface Engine {
  readonly client: Docker;
  readonly place: EnginePlace;
  readonly facts: EngineFacts;
}

/**
 * Finds the container engine of this person and asks it what it is.
 * @param surroundings where it is looked for, where that is not as this process sees it
 * @throws code `engine-unavailable` with what to do; `cancelled`
 */
export async function connectEngine(
  surroundings: Partial<EngineSurroundings>,
  signal: AbortSignal,
): Promise<Engine> {
  const around = { ...ownSurroundings(), ...surroundings };
  const { namedBy, places } = await enginePlaces(around);
  const failures: { place: EnginePlace; error: unknown }[] = [];
  for (const place of places) {
    try {
      return await connectTo(place, signal);
    } catch (error) {
      if (WarRoomError.is(error, 'cancelled')) throw error;
      failures.push({ place, error });
    }
  }
  throw unavailable({ namedBy, failures, lookedAt: usualSockets(around) });
}

/** @throws whatever the connection does, `deadline` or `engine-unavailable` */
async function connectTo(place: EnginePlace, signal: AbortSignal): Promise<Engine> {
  const facts = await withDeadline('Asking the container engine', answerMs, signal, (within) =>
    readFacts(place.connection, within),
  );
  if (facts.os !== 'linux') {
    throw new WarRoomError(
      'engine-unavailable',
      `The container engine at ${place.address} runs ${facts.os} containers: switch it to Linux containers.`,
    );
  }
  // Loaded at first use: only who has containers needs it.
  const { default: Dockerode } = await import('dockerode');
  return { client: new Dockerode(dockerodeOptions(place.connection)), place, facts };
}

/** Every option is given, since dockerode takes what is missing from the environment. */
function dockerodeOptions(connection: EngineConnection): DockerOptions & { agent?: Agent } {
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined };
  if ('socketPath' in connection) {
    return { ...none, protocol: 'http', socketPath: connection.socketPath };
  }
  const { host, port, tls } = connection;
  if (tls === null) return { ...none, protocol: 'http', host, port };
  return { ...none, protocol: 'https', host, port, agent: new Agent({ ...tls, keepAlive: true }) };
}

function ownSurroundings(): EngineSurroundings {
  return {
    environment: process.env,
    home: homedir(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
  };
}
