import { beforeAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';

import { fakeRegistry, sendTags } from '../imageRegistry/fakeRegistry';
import { missingRegistry, outerAddress, RealRegistry } from '../imageRegistry/realRegistry';
import { need } from '../mcp/prerequisite';
import { Bench } from './command';

const file = 'helm-values/shop/values.yaml';
const values = (registry: string, tag: string) =>
  `# Values of the shop.\nimage:\n  registry: ${registry}\n  repository: team/shop\n  tag: ${tag} # the release\n`;

/** What the kubelet says of a tag that the registry does not have. */
const describedPod = (image: string) => `Name:             shop-64cc58498d-bfvxd
Namespace:        prod
Labels:           app=shop
                  pod-template-hash=64cc58498d
Status:           Pending
Controlled By:  ReplicaSet/shop-64cc58498d
Containers:
  shop:
    Image:          ${image}
    State:          Waiting
      Reason:       ImagePullBackOff
    Ready:          False
    Restart Count:  0
Events:
  Type     Reason     Age                From               Message
  ----     ------     ----               ----               -------
  Normal   Scheduled  83s                default-scheduler  Successfully assigned prod/shop-64cc58498d-bfvxd to node1
  Normal   Pulling    83s                kubelet            Pulling image "${image}"
  Warning  Failed     83s                kubelet            Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found
  Warning  Failed     83s                kubelet            Error: ErrImagePull
  Normal   BackOff    7s (x6 over 83s)   kubelet            Back-off pulling image "${image}"
`;

/** A repository whose shop names `tags` one after the other, the last of which is not there. */
async function shop(registry: string, ...tags: string[]): Promise<Bench> {
  const bench = await Bench.make();
  for (const tag of tags) {
    await bench.write(file, values(registry, tag));
    await bench.git('add', '--all');
    await bench.git('commit', '--quiet', '--message', `Release ${tag}`);
  }
  bench.env['WAR_ROOM_ASK_IMAGE_REGISTRY'] = 'true';
  await bench.write('../pod.txt', describedPod(`${registry}/team/shop:${tags.at(-1)}`));
  return bench;
}

const diagnose = ['diagnose', '../pod.txt', '--no-pool'];

let missing: string | null = null;
beforeAll(async () => {
  missing = await missingRegistry();
});

const start = async (context: TestContext, ...tags: string[]) => {
  need(context, missing);
  return await RealRegistry.start({ 'team/shop': tags });
};

describe('a tag that the registry does not have', () => {
  it('becomes a hole with those that it has, and nothing is committed before one is typed', async (context) => {
    await using registry = await start(context, '1.4.1', '1.4.2', '1.4.2-debug', '2.0.0');
    await using bench = await shop(registry.address, '1.5.0');
    const { result } = await bench.json(diagnose);
    expect(result).toMatchObject({
      outcome: 'proposed',
      incident: { category: 'image-not-found', app: 'shop' },
    });
    expect(result.proposal?.reason).toContain(
      `${registry.address} was asked and has 4 tags of team/shop, and not 1.5.0. None is invented: type the one that is meant. Of the same form as 1.5.0, the highest below it first: 1.4.2, 1.4.1, 2.0.0.`,
    );
    const id = result.incident.id ?? '';
    const open = await bench.json(['accept', id, '--commit']);
    expect(open.result.error).toMatchObject({ code: 'value-missing' });
    const given = ['accept', id, '--value', 'image.tag=1.4.2', '--commit'];
    expect((await bench.json(given)).result).toMatchObject({ outcome: 'committed', error: null });
    expect(await bench.git('show', `HEAD:${file}`)).toBe(
      values(registry.address, '1.4.2').trimEnd(),
    );
  });

  it('goes back to the newest of the history that the registry still has', async (context) => {
    await using registry = await start(context, '1.3.0', '1.2.0');
    await using bench = await shop(registry.address, '1.2.0', '1.3.0', '1.4.0', '1.5.0');
    const { result } = await bench.json([...diagnose, '--yes']);
    expect(result).toMatchObject({ outcome: 'committed', error: null });
    expect(result.proposal?.reason).toContain(`${registry.address} was asked and has it.`);
    expect(await bench.read(file)).toBe(values(registry.address, '1.3.0'));
  });

  it('is left as it is where the registry has it', async (context) => {
    await using registry = await start(context, '1.4.0', '1.5.0');
    await using bench = await shop(registry.address, '1.4.0', '1.5.0');
    const before = await bench.untouched();
    const { stdout, status } = await bench.run(diagnose);
    expect(status).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('was asked and has it, so it was left as it is');
    expect(await bench.untouched()).toBe(before);
  });
});

describe('a registry that is not on this machine’s loopback', () => {
  const overTls = async (context: TestContext) => {
    const host = outerAddress();
    need(context, host === undefined ? 'this machine has no address but its loopback' : null);
    const registry = await start(context, '1.3.0');
    const opened = await registry.openOverTls(host ?? '');
    return { ...opened, [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose]() };
  };

  it('is asked over TLS', async (context) => {
    await using opened = await overTls(context);
    const { address, authority } = opened;
    await using bench = await shop(address, '1.3.0', '1.4.0', '1.5.0');
    const { result } = await bench.json(diagnose, { env: { NODE_EXTRA_CA_CERTS: authority } });
    expect(result.proposal?.reason).toContain(`${address} was asked and has it.`);
    expect(result.proposal?.files[0]?.diff).toContain('+  tag: 1.3.0 # the release');
  });

  it('is not believed where nobody vouches for its certificate', async (context) => {
    await using opened = await overTls(context);
    const { address } = opened;
    await using bench = await shop(address, '1.5.0');
    const { stdout } = await bench.run(diagnose);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `${address} was asked and not heard: ${address} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT).`,
    );
  });
});

describe('no registry is asked', () => {
  const env = { WAR_ROOM_ASK_IMAGE_REGISTRY: 'false' };

  it('where the person does not want it', async () => {
    await using registry = await fakeRegistry((_, response) => sendTags(response, ['1.4.0']));
    await using bench = await shop(registry.address, '1.4.0', '1.5.0');
    const { result } = await bench.json(diagnose, { env });
    expect(result.proposal?.files[0]?.diff).toContain('+  tag: 1.4.0 # the release');
    expect(registry.seen).toEqual([]);
  });

  it('where only the log names it', async () => {
    await using named = await fakeRegistry((_, response) => sendTags(response, ['6.6.6']));
    await using own = await fakeRegistry((_, response) => sendTags(response, ['1.4.0']));
    await using bench = await shop(own.address, '1.4.0', '1.5.0');
    bench.env['WAR_ROOM_ASK_IMAGE_REGISTRY'] = 'true';
    await bench.write('../pod.txt', describedPod(`${named.address}/team/shop:1.5.0`));
    const { result } = await bench.json(diagnose);
    expect(result.incident.category).toBe('image-not-found');
    expect([named.seen, own.seen]).toEqual([[], []]);
  });

  it('where the tag is not what is missing', async () => {
    await using registry = await fakeRegistry((_, response) => sendTags(response, ['1.4.0']));
    await using bench = await shop(registry.address, '1.4.0', '1.5.0');
    const denied = describedPod(`${registry.address}/team/shop:1.5.0`).replaceAll(
      'not found',
      'unexpected status from HEAD request: 401 Unauthorized',
    );
    bench.env['WAR_ROOM_ASK_IMAGE_REGISTRY'] = 'true';
    await bench.write('../pod.txt', denied);
    const { result } = await bench.json(diagnose);
    expect(result.incident.category).toBe('image-unauthorized');
    expect(registry.seen).toEqual([]);
  });
});
