import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { withDeadline } from '../../../base/deadline';
import type { Engine } from '../../engine/connect';
import { isStatus } from '../../engine/failure';
import { openStream, readJson } from '../../engine/stream';
import type { Container } from '../../engine/types';

/** How long what happened to a container that is gone may take to be told. */
const eventsMs = 1_000;
const lateEventMs = 200;
/** An engine removes a container by itself; after so long it is told to. */
const ownRemovalMs = 3_000;
const requestMs = 5_000;
const longestPauseMs = 1_000;

/**
 * Waits for the next exit of a container; asked before it is started, so that not even a program
 * that ends at once is missed.
 * @returns once the engine waits; then, in `status`, the exit status or null when the engine was
 * lost meanwhile
 */
export async function waitForExit(
  { place }: Engine,
  containerId: string,
  signal: AbortSignal,
): Promise<{ status: Promise<number | null> }> {
  const path = `/containers/${containerId}/wait?condition=next-exit`;
  const response = await openStream(place.connection, { method: 'POST', path }, signal);
  return { status: readStatus(response) };
}

async function readStatus(response: IncomingMessage): Promise<number | null> {
  try {
    const { StatusCode } = await readJson<{ StatusCode?: unknown }>(response);
    return typeof StatusCode === 'number' ? StatusCode : null;
  } catch {
    return null;
  }
}

/**
 * Sees to it that the engine no longer has a container, and tries for as long as it takes: an engine
 * may be down, or busy.
 * @param idOrName its name where the engine's answer to making it was lost
 * @param force false: the engine is left some time to remove it by itself
 * @throws the signal's reason
 */
export async function untilRemoved(
  { client }: Engine,
  idOrName: string,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  const container = client.getContainer(idOrName);
  const begin = performance.now();
  for (let pause = 10; ; pause = Math.min(2 * pause, longestPauseMs)) {
    const isLate = performance.now() - begin > ownRemovalMs;
    const look = force || isLate ? removeOnce(container, signal) : isThere(container, signal);
    if (!(await look)) return;
    await sleep(pause, undefined, { signal });
  }
}

/** @returns true while the engine does not say that it has no such container */
async function isThere(container: Container, signal: AbortSignal): Promise<boolean> {
  return await untilMissing(signal, (within) => container.inspect({ abortSignal: within }));
}

async function removeOnce(container: Container, signal: AbortSignal): Promise<boolean> {
  return await untilMissing(signal, async (within) => {
    const options = { force: true, v: true, abortSignal: within };
    await container.remove(options);
  });
}

async function untilMissing(
  signal: AbortSignal,
  ask: (within: AbortSignal) => Promise<unknown>,
): Promise<boolean> {
  try {
    await withDeadline('Removing a container', requestMs, signal, ask);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return !isStatus(error, 404);
  }
}

/**
 * Whether a container that is gone had been short of memory, as the engine's events tell it.
 * A container that removes itself cannot be asked any more.
 */
export async function ranOutOfMemory({ place }: Engine, containerId: string): Promise<boolean> {
  const filters = JSON.stringify({ container: [containerId], event: ['oom', 'destroy'] });
  const path = `/events?since=1&filters=${encodeURIComponent(filters)}`;
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), eventsMs);
  try {
    const events = await openStream(place.connection, { method: 'GET', path }, end.signal);
    let text = '';
    for await (const chunk of events) {
      text += String(chunk);
      if (/"Action":"oom"/.test(text)) return true;
      // The two come by different ways: the lack of memory may be told last.
      if (/"Action":"destroy"/.test(text)) setTimeout(() => end.abort(), lateEventMs).unref();
    }
    return false;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}
