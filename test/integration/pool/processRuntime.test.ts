import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { settled } from '../../../src/base/deadline';
import type { StartRequest } from '../../../src/pool/runtime';
import { processRuntime } from '../../../src/pool/runtimes/process';

describe.skipIf(process.platform === 'win32')('a program behind a wrapper', () => {
  it('is ended when the wrapper dies, before the reaper forgets it', async () => {
    let isForgotten = false;
    const guardChild = () => ({ dispose: () => void (isForgotten = true) });
    const runtime = processRuntime({ reaper: { guardChild } });
    // The wrapper's child keeps its output open and ignores the end of its input.
    const request = wrapper('sleep 60 & echo ready >&2; wait');
    const program = await runtime.start(request, AbortSignal.timeout(10_000));
    await request.ready;
    const childGone = once(program.output.resume(), 'close');
    process.kill(Number(program.id), 'SIGKILL');
    expect(await program.gone).toBe('was ended by SIGKILL');
    expect(await settled(childGone, 3_000)).toBe(true);
    expect(isForgotten).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('a value in the arguments', () => {
  it('reaches the program, and is not shown', async () => {
    const { spec, environment, ready, onErrorLine } = wrapper('echo "$0" >&2; cat');
    const request = {
      spec: { ...spec, args: [...spec.args, '${TOKEN}'], environment: ['TOKEN'] },
      environment: { ...environment, TOKEN: 'secret' },
      onErrorLine,
    };
    const program = await processRuntime().start(request, AbortSignal.timeout(10_000));
    expect(await ready).toBe('secret');
    expect(JSON.stringify(await program.inspect(AbortSignal.timeout(5_000)))).not.toContain(
      'secret',
    );
    await program.stop();
  });
});

function wrapper(script: string): StartRequest & { ready: Promise<string> } {
  let isReady: (line: string) => void = () => undefined;
  return {
    spec: {
      ...{ name: 'wrapped', args: ['-c', script], environment: [], state: 'session', hosts: [] },
      program: { kind: 'command', command: 'sh', folder: process.cwd() },
    },
    environment: {},
    ready: new Promise((resolve) => (isReady = resolve)),
    onErrorLine: (line) => isReady(line),
  };
}
