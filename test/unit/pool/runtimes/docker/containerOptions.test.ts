import { describe, expect, it } from 'vitest';

import type { ContainerInspectInfo } from '../../../../../src/pool/engine/types';
import { containerOptions } from '../../../../../src/pool/runtimes/docker/containerOptions';
import { asContainerSees } from '../../../../../src/pool/runtimes/docker/hostAddresses';
import { shownFacts } from '../../../../../src/pool/runtimes/docker/shownFacts';

function view(secret: string) {
  return asContainerSees({
    spec: {
      ...{ name: 'x', program: { kind: 'oci', image: 'x' }, state: 'none', hosts: [] },
      ...{ args: ['--key', '${KEY}', '--at=${KEY}'], environment: ['KEY'] },
    },
    environment: { KEY: secret },
    onErrorLine: () => undefined,
  });
}

function optionsFor(secret: string) {
  return containerOptions({
    ...view(secret),
    ...{ limits: { memoryBytes: 1, cpus: 1 }, cpusAtStart: 1, isPodman: false, network: null },
    image: { id: 'x', command: ['run'], environment: {}, isGuarded: false, notice: null },
    ...{ owner: 'x', now: new Date(0) },
  });
}

describe('a secret in the arguments', () => {
  it('reaches the program and not the hash of its configuration', () => {
    const [one, other] = [optionsFor('one'), optionsFor('other')];
    expect(one.Cmd).toEqual(['--key', 'one', '--at=one']);
    expect(one.Labels).toEqual(other.Labels);
  });

  it('is not shown to who looks at the container', () => {
    const { args: filled, request } = view('secret');
    const Args = ['--', 'run', ...filled];
    const Config = { Cmd: filled, Entrypoint: ['run', ...filled], Env: ['KEY=secret'] };
    const facts = { Id: 'id', Args, Config } as unknown as ContainerInspectInfo;
    const shown = shownFacts(facts, { filled, written: request.spec.args });
    expect(shown).toEqual({
      Id: 'id',
      Args: ['--', 'run', ...request.spec.args],
      Config: {
        Cmd: request.spec.args,
        Entrypoint: ['run', ...request.spec.args],
        Env: ['KEY=***'],
      },
    });
  });
});
