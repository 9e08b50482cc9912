import { expect, it } from 'vitest';

import { WarRoomError } from '../../../src/base/errors';
import { silentLog } from '../../../src/base/log';
import type { Engine } from '../../../src/pool/engine/connect';
import { filesIn, variablesOfFiles } from '../../../src/pool/handedFiles';
import type { ServerImage } from '../../../src/pool/images/serverImage';
import { dockerRuntime } from '../../../src/pool/runtimes/docker/dockerRuntime';
import type { ServerSpec } from '../../../src/pool/serverSpec';

const spec: ServerSpec = {
  name: 'helm',
  program: { kind: 'pypi', package: 'helm', version: '1', integrity: null, command: null },
  ...{ args: [], environment: [], state: 'none', hosts: [] },
};
const unguarded: ServerImage = {
  ...{ id: 'sha256:00', command: [], environment: {}, isGuarded: false, notice: null },
};

it('files come as variables, and no file as none', () => {
  expect(variablesOfFiles({})).toEqual({});
  const environment = variablesOfFiles({ KUBECONFIG: 'a: 1\n', KEY: 'k' });
  expect(environment).toEqual({
    ...{ WAR_ROOM_FILES: 'KUBECONFIG KEY', WAR_ROOM_FILE_KUBECONFIG: 'a: 1\n' },
    WAR_ROOM_FILE_KEY: 'k',
  });
  expect(filesIn(environment)).toEqual(['KUBECONFIG', 'KEY']);
  expect(filesIn({})).toEqual([]);
});

it('an image that would not hand a file over is not started', async () => {
  const runtime = dockerRuntime({
    // Nothing of the engine is asked before.
    connect: () => Promise.resolve({} as Engine),
    images: { imageOf: () => Promise.resolve(unguarded), started: () => undefined },
    ...{ owner: 'o', limits: { memoryBytes: 1, cpus: 1 }, network: 'n', log: silentLog },
  });
  const environment = variablesOfFiles({ KUBECONFIG: 'a: 1' });
  const request = { spec, environment, onErrorLine: () => undefined };
  await expect(runtime.start(request, new AbortController().signal)).rejects.toSatisfy(
    (error) =>
      WarRoomError.is(error, 'image-failed') &&
      /no shell that would hand it the file of KUBECONFIG/.test(error.message),
  );
});
