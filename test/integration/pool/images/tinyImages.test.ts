import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../../src/base/clock';
import { WarRoomError } from '../../../../src/base/errors';
import { thisProcess } from '../../../../src/base/processIdentity';
import { importTestImage } from '../../../harness/testImage';
import { missingEngine } from '../../mcp/engine';
import { need } from '../../mcp/prerequisite';
import { ImageWorld, late, npm, soon, specOf } from './imageWorld';
import { NpmRegistry } from './npmRegistry';
import { tinyServer } from './tinyServer';

let missing: string | null;
let world: ImageWorld;
let registry: NpmRegistry;

beforeAll(async () => {
  missing = await missingEngine();
  if (missing !== null) return;
  registry = await NpmRegistry.start();
  world = await ImageWorld.open();
  await world.npmrc(`registry=${registry.address}`);
});

beforeEach((context) => need(context, missing));

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await registry?.[Symbol.asyncDispose]();
});

const failure = (said: RegExp) => (error: unknown) =>
  WarRoomError.is(error, 'image-failed') && said.test(error.message);

describe('an image of a package', () => {
  it('is built once, tried, labelled and recorded', async () => {
    const integrity = await registry.offer(tinyServer('@company/tiny'));
    const program = npm('@company/tiny');
    const sentences: string[] = [];
    const image = await world
      .images()
      .imageOf(specOf(program), late(), (sentence) => sentences.push(sentence));
    expect(sentences).toEqual([
      'Pulling war-room-test/none:1',
      'Fetching @company/tiny 1.0.0',
      'Building the image of @company/tiny',
      'Trying whether @company/tiny starts',
    ]);
    expect(image).toMatchObject({ isGuarded: true });
    expect(image.notice).toMatch(
      /^On this machine's own Node [\d.]+, since .* could not be pulled\.$/,
    );
    const { Config: config } = await world.engine.client.getImage(image.id).inspect();
    expect(config.Labels).toMatchObject({
      'war-room.package': '@company/tiny',
      'war-room.version': '1.0.0',
      'war-room.integrity': integrity,
      'war-room.guarded': 'true',
    });
    const record = await world.records.of(program);
    expect(record).toMatchObject({ integrity, packages: 1, timesUsed: 0, notProven: null });
    expect(record?.tools?.map(({ name }) => name)).toEqual(['echo']);
    expect(await world.records.tierOf(program)).toBe(1);
    expect(world.told).toContain('There is no image of tried here, so it is made first.');
    const asked = registry.asked.length;
    world.told.length = 0;
    const window = world.images();
    expect(await window.imageOf(specOf(program), soon())).toEqual(record?.image);
    expect(await window.imageOf(specOf(program), soon())).toEqual(record?.image);
    // What is special about it is said once by each process.
    expect(world.told).toEqual([`The image of tried: ${image.notice}`]);
    expect(registry.asked).toHaveLength(asked);
  });

  it('is built once however many ask, in however many processes', async () => {
    await registry.offer(tinyServer('wanted-by-all'));
    const spec = specOf(npm('wanted-by-all'));
    const [one, other] = [world.images(), world.images()];
    const images = await Promise.all(
      [one, other, one, other, one].map((window) => window.imageOf(spec, late())),
    );
    expect(new Set(images.map(({ id }) => id)).size).toBe(1);
    expect(world.told.filter((line) => /Built .*wanted-by-all/.test(line))).toHaveLength(1);
  });

  it('is built also when it does not start without values, and proven once it did', async () => {
    await registry.offer(tinyServer('needs-a-value'));
    const program = npm('needs-a-value');
    const spec = specOf(program, ['needs', 'API_KEY']);
    const images = world.images();
    await images.imageOf(spec, late());
    expect(await world.records.of(program)).toMatchObject({ tools: null, provenStartMs: null });
    expect((await world.records.of(program))?.notProven).toContain('Set API_KEY.');
    expect(await world.records.tierOf(program)).toBe(2);
    images.started(spec, 321.4);
    await images.dispose();
    expect(await world.records.of(program)).toMatchObject({
      ...{ provenStartMs: 321, notProven: null, timesUsed: 1 },
    });
    expect(await world.records.tierOf(program)).toBe(1);
  });

  it('is cancelled with nothing left of it', async () => {
    await registry.offer(tinyServer('cancelled'));
    const cancel = new AbortController();
    const images = world.images();
    const before = await world.built();
    const given = images.imageOf(specOf(npm('cancelled')), cancel.signal, (sentence) => {
      if (sentence.startsWith('Building')) setTimeout(() => cancel.abort(), 50);
    });
    await expect(given).rejects.toSatisfy((error) => WarRoomError.is(error, 'cancelled'));
    await images.dispose();
    expect(await world.built()).toEqual(before);
    expect(await readdir(join(world.path, 'work'))).toEqual([]);
  });

  it('is made again when somebody removed it', async () => {
    await registry.offer(tinyServer('removed'));
    const spec = specOf(npm('removed'));
    const images = world.images();
    const first = await images.imageOf(spec, late());
    await world.engine.client.getImage(first.id).remove({ force: true });
    const second = await images.imageOf(spec, late());
    expect(await world.isThere(second.id)).toBe(true);
  });
});

describe('a package without an exact version', () => {
  it('is told with the version that its registry means, which is built; it itself is not', async () => {
    await registry.offer(tinyServer('moving', '1.0.0'));
    const older = await registry.offer(tinyServer('moving', '1.4.2'));
    const newest = await registry.offer(tinyServer('moving', '2.0.1'));
    const images = world.images();
    const told = await images.describe(npm('moving', 'latest'), soon());
    expect(told).toMatchObject({ version: '2.0.1', integrity: newest });
    expect(await images.describe(npm('moving', '^1.0.0'), soon())).toMatchObject({
      ...{ version: '1.4.2', integrity: older },
    });
    const { version, integrity } = told;
    await images.imageOf(specOf(npm('moving', version, { integrity: integrity ?? '' })), late());
    expect(await world.records.of(npm('moving', '2.0.1'))).toMatchObject({ integrity: newest });
    await expect(images.imageOf(specOf(npm('moving', 'latest')), late())).rejects.toSatisfy(
      failure(/no package with an exact version/),
    );
  });
});

describe('what is not taken', () => {
  it('has another integrity than was pinned', async () => {
    const known = await registry.offer(tinyServer('pinned'));
    const other = await registry.offer(tinyServer('pinned', '1.0.0', { files: { more: 'x' } }));
    const images = world.images();
    const asked = specOf(npm('pinned', '1.0.0', { integrity: known }));
    await expect(images.imageOf(asked, late())).rejects.toSatisfy(failure(/not what was pinned/));
    await images.imageOf(specOf(npm('pinned', '1.0.0', { integrity: other })), late());
    expect(await world.records.of(npm('pinned'))).toMatchObject({ integrity: other });
  });

  it('has another integrity than was pinned, also when the right one is built at once', async () => {
    const known = await registry.offer(tinyServer('pinned-twice'));
    const other = `sha512-${Buffer.alloc(64).toString('base64')}`;
    const images = world.images();
    const [right, wrong] = await Promise.allSettled(
      [known, other].map((integrity) =>
        images.imageOf(specOf(npm('pinned-twice', '1.0.0', { integrity })), late()),
      ),
    );
    expect(right?.status).toBe('fulfilled');
    expect(wrong).toMatchObject({ status: 'rejected', reason: { code: 'image-failed' } });
  });

  it('is delivered other than the registry says', async () => {
    await registry.offer(tinyServer('swapped'));
    await registry.offer(tinyServer('swapped-for', '1.0.0', { files: { evil: 'x' } }));
    registry.swap('swapped', '1.0.0', 'swapped-for');
    await expect(world.images().imageOf(specOf(npm('swapped')), late())).rejects.toSatisfy(
      failure(/not what was pinned/),
    );
  });

  it('was another one when it ran here first', async () => {
    await registry.offer(tinyServer('changed'));
    const images = world.images();
    const spec = specOf(npm('changed'));
    const { id } = await images.imageOf(spec, late());
    await world.engine.client.getImage(id).remove({ force: true });
    await registry.offer(tinyServer('changed', '1.0.0', { files: { more: 'x' } }));
    world.freshCache();
    await expect(images.imageOf(spec, late())).rejects.toSatisfy(failure(/not what was pinned/));
  });

  it.each([
    ['install-script', { scripts: { postinstall: 'touch /tmp/ran' } }, {}],
    ['compiled', {}, { 'binding.gyp': '{}' }],
  ])('needs a build: %s', async (name, manifest, files) => {
    const bin = { [name]: 'server.js' };
    await registry.offer(tinyServer(name, '1.0.0', { manifest: { bin, ...manifest }, files }));
    await expect(world.images().imageOf(specOf(npm(name)), late())).rejects.toSatisfy(
      failure(/needs a build: .* would run scripts/),
    );
  });

  it('depends on what needs a build, and on nothing else that does', async () => {
    const scripts = { install: 'node-gyp rebuild' };
    await registry.offer({ name: 'native', version: '1.0.0', manifest: { scripts } });
    const needing = { dependencies: { native: '1' }, bin: { needing: 'server.js' } };
    await registry.offer(tinyServer('needing', '1.0.0', { manifest: needing }));
    const images = world.images();
    expect((await images.describe(npm('needing'), soon())).needsBuild).toEqual(['native']);
    await expect(images.imageOf(specOf(npm('needing')), late())).rejects.toSatisfy(
      failure(/needs a build: native/),
    );
    const may = { optionalDependencies: { native: '1' }, bin: { may: 'server.js' } };
    await registry.offer(tinyServer('may', '1.0.0', { manifest: may }));
    expect((await images.describe(npm('may'), soon())).needsBuild).toEqual([]);
  });

  it('depends on something outside the registry', async () => {
    const manifest = { dependencies: { odd: 'git+https://127.0.0.1:1/odd.git' } };
    await registry.offer(tinyServer('outside', '1.0.0', { manifest }));
    await expect(world.images().imageOf(specOf(npm('outside')), late())).rejects.toSatisfy(
      failure(/outside the npm registry/),
    );
  });

  it('has no such command', async () => {
    await registry.offer(tinyServer('commanded'));
    const spec = specOf(npm('commanded', '1.0.0', { bin: 'other' }));
    await expect(world.images().imageOf(spec, late())).rejects.toSatisfy(
      failure(/has no command other \(it has: commanded\)/),
    );
  });
});

describe("a company's registry", () => {
  it('gets the token of the person, and says what is missing without it', async () => {
    await registry.offer(tinyServer('@secret/tiny'));
    registry.token = 'hunter2';
    try {
      const images = world.images();
      await expect(images.describe(npm('@secret/tiny'), soon())).rejects.toSatisfy(
        failure(/wants you to sign in; run `npm login`/),
      );
      const host = registry.address.replace('http:', '');
      await world.npmrc(`@secret:registry=${registry.address}`, `${host}:_authToken=hunter2`);
      expect(await images.describe(npm('@secret/tiny'), soon())).toMatchObject({
        ...{ package: '@secret/tiny', version: '1.0.0', packages: 1, needsBuild: [] },
      });
    } finally {
      registry.token = null;
      await world.npmrc(`registry=${registry.address}`);
    }
  });

  it('that never answers is given up with the one who asks', async () => {
    registry.isSilent = true;
    try {
      const asked = registry.asked.length;
      const cancel = new AbortController();
      const images = world.images();
      const given = images.describe(npm('silent'), cancel.signal);
      given.catch(() => undefined);
      while (registry.asked.length === asked) await sleep(20);
      cancel.abort();
      await expect(given).rejects.toSatisfy((error) => WarRoomError.is(error, 'cancelled'));
    } finally {
      registry.isSilent = false;
    }
  });

  it('that is not there is told with what to do', async () => {
    await world.npmrc('registry=http://127.0.0.1:9/');
    try {
      await expect(world.images().describe(npm('unreached'), soon())).rejects.toSatisfy(
        failure(/could not be reached; check the network and the proxy of your \.npmrc/),
      );
    } finally {
      await world.npmrc(`registry=${registry.address}`);
    }
  });

  it('is asked through the proxy of the person', async () => {
    await using proxied = await NpmRegistry.start();
    await proxied.offer(tinyServer('behind'));
    await world.npmrc('registry=http://registry.invalid/', `proxy=${proxied.address}`);
    try {
      await world
        .images()
        .describe(npm('behind'), soon())
        .catch(() => undefined);
      expect(proxied.asked.some((url) => url.includes('registry.invalid'))).toBe(true);
    } finally {
      await world.npmrc(`registry=${registry.address}`);
    }
  });
});

describe('cleaning up', () => {
  const day = 24 * 60 * 60_000;

  it('takes what was not used for 30 days, and keeps its integrity', async () => {
    const integrity = await registry.offer(tinyServer('unused'));
    await registry.offer(tinyServer('used'));
    const [unused, used] = [specOf(npm('unused')), specOf(npm('used'))];
    const images = world.images();
    const [{ id: gone }, { id: kept }] = [
      await images.imageOf(unused, late()),
      await images.imageOf(used, late()),
    ];
    const inAMonth = { ...systemClock, now: () => Date.now() + 31 * day };
    const later = world.images({}, inAMonth);
    later.started(used, 100);
    await later.dispose();
    await world.images({}, inAMonth).cleanUp(late());
    expect([await world.isThere(gone), await world.isThere(kept)]).toEqual([false, true]);
    expect(await world.records.of(npm('unused'))).toMatchObject({ image: null, integrity });
    expect(await world.records.tierOf(npm('unused'))).toBe(2);
  });

  it('leaves what is about to be started, and takes no image of others', async () => {
    await registry.offer(tinyServer('wanted-again'));
    const spec = specOf(npm('wanted-again'));
    const { id } = await world.images().imageOf(spec, late());
    const inAMonth = { ...systemClock, now: () => Date.now() + 31 * day };
    const foreign = `war-room-test/foreign:${process.pid}`;
    await importTestImage(world.engine, { tag: foreign });
    try {
      await world.images({}, inAMonth).imageOf(spec, soon());
      await world.images({}, inAMonth).cleanUp(late());
      expect(await world.isThere(id)).toBe(true);
      expect(await world.isThere(foreign)).toBe(true);
    } finally {
      await world.engine.client.getImage(foreign).remove({ force: true });
    }
  });

  it('takes what was made on a base that is out of date, with the base', async () => {
    await registry.offer(tinyServer('outdated'));
    const program = npm('outdated');
    const { id } = await world.images().imageOf(specOf(program), late());
    const record = await world.records.of(program);
    if (!record?.image?.base?.machine) throw new Error('It is on no base of this machine.');
    // As if it had been made of another Node.
    const tag = 'node-000000000000';
    const repository = 'war-room-base';
    await importTestImage(world.engine, { tag: `${repository}:${tag}` });
    const machine = { ...record.image.base.machine, tag };
    const image = { ...record.image, base: { ...record.image.base, machine } };
    await world.records.write({ ...record, image });
    await world.images().cleanUp(late());
    expect(await world.isThere(id)).toBe(false);
    expect(await world.isThere(`${repository}:${tag}`)).toBe(false);
    expect(world.told).toContain(
      'Removed the image of outdated 1.0.0: this machine has another Node or Python by now.',
    );
    // Also when the last image on it went before it was out of date.
    await importTestImage(world.engine, { tag: `${repository}:${tag}` });
    await world.records.write({ ...record, image: null, lastBase: machine });
    await world.images().cleanUp(late());
    expect(await world.isThere(`${repository}:${tag}`)).toBe(false);
  });

  it('takes the work folders of processes that were killed, not those that are in use', async () => {
    const work = join(world.path, 'work');
    const { pid, start } = await thisProcess();
    const [ours, theirs] = [`${pid}.${start}.0001`, `${pid}.another-start.0002`];
    await Promise.all([ours, theirs].map((name) => mkdir(join(work, name), { recursive: true })));
    await world.images().cleanUp(late());
    expect(await readdir(work)).toEqual([ours]);
    await rmdir(join(work, ours));
  });

  it('takes the longest unused when all together are over the limit', async () => {
    const images = world.images();
    const specs = ['oldest', 'middle', 'newest'].map((name) => specOf(npm(name)));
    const ids: string[] = [];
    for (const spec of specs) {
      await registry.offer(tinyServer((spec.program as { package: string }).package));
      ids.push((await images.imageOf(spec, late())).id);
    }
    images.started(specs[0] as never, 100);
    await images.dispose();
    expect(await world.records.bytes()).toBeGreaterThan(0);
    await world.images({ imagesMiB: 0 }).imageOf(specs[2] as never, late());
    // Nothing was built, so nothing is cleaned up.
    expect(await Promise.all(ids.map((id) => world.isThere(id)))).toEqual([true, true, true]);
    await registry.offer(tinyServer('one-more'));
    const one = await world.images({ imagesMiB: 0 }).imageOf(specOf(npm('one-more')), late());
    expect(await Promise.all(ids.map((id) => world.isThere(id)))).toEqual([false, false, false]);
    expect(await world.isThere(one.id)).toBe(true);
  });

  it('takes what a killed process has left half-made', async () => {
    await registry.offer(tinyServer('half-made'));
    const spec = specOf(npm('half-made'));
    const images = world.images();
    const { id } = await images.imageOf(spec, late());
    const record = await world.records.of(npm('half-made'));
    if (!record) throw new Error('It was not recorded.');
    await world.records.write({ ...record, image: null });
    await images.cleanUp(late());
    expect(await world.isThere(id)).toBe(false);
  });
});
