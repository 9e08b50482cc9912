// node-not-ready and control-plane-unavailable in a swarm of two engines, the second of which is
// killed. RECORD_ENGINE_PID: a docker engine (DOCKER_HOST) with a network of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCase } from '../lib/case.mjs';
import { docker } from '../lib/docker.mjs';
import { recordAll } from '../lib/kubernetes.mjs';
import { run, sleep, until } from '../lib/shell.mjs';
import { expect } from '../lib/swarm.mjs';

const script = 'test/evals/record/platform/swarmNodes.mjs';
const first = process.env.RECORD_ENGINE_PID;

/** Starts a second engine, host name node-2, on a cable to the first; returns its socket and an end. */
async function secondEngine() {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const socket = `unix://${folder}/docker.sock`;
  const inside = `ip link set lo up; hostname node-2; exec dockerd --data-root ${folder}/data --exec-root ${folder}/exec -H ${socket} -p ${folder}/pid`;
  const child = spawn('unshare', ['--uts', '--net', '--mount', 'sh', '-c', inside], {
    stdio: 'ignore',
  });
  await sleep(1);
  const cable = `ip link add cable1 netns ${first} type veth peer name cable2 netns ${child.pid}
nsenter -t ${first} -n sh -c 'ip addr add 10.30.0.1/24 dev cable1; ip link set cable1 up'
nsenter -t ${child.pid} -n sh -c 'ip addr add 10.30.0.2/24 dev cable2; ip link set cable2 up'`;
  await run('sh', ['-c', cable]);
  const env = { DOCKER_HOST: socket };
  await until(async () => (await run('docker', ['version'], { env })).code === 0, {
    seconds: 60,
    what: 'engine',
  });
  const kill = async () => {
    const pid = (await run('cat', [`${folder}/exec/containerd/containerd.pid`])).text.trim();
    child.kill('SIGKILL');
    await run('kill', ['-9', pid]);
  };
  const end = async () => {
    await kill();
    await sleep(1);
    await run('nsenter', ['-t', first, '-n', 'ip', 'link', 'delete', 'cable1']);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  };
  return { run: (...words) => run('docker', words, { env }), kill, end };
}

const onTwo = (scenario) => ({
  ...scenario,
  record: async (folder) => {
    const second = await secondEngine();
    try {
      await expect('swarm init --advertise-addr 10.30.0.1');
      const token = (await expect(`swarm join-token -q ${scenario.role}`)).trim();
      const joined = await second.run('swarm', 'join', '--token', token, '10.30.0.1:2377');
      if (joined.code !== 0) throw new Error(joined.text);
      await sleep(3);
      await writeCase(folder, script, scenario, await scenario.steps(second));
    } finally {
      await docker('swarm leave --force');
      await second.end();
    }
  },
});

const scenarios = [
  {
    id: 'node-not-ready-scheduler-swarm-node-down',
    category: 'node-not-ready',
    app: 'scheduler',
    role: 'worker',
    log: 'nodes.txt',
    form: 'events',
    split: 'tune',
    proof: ['Down'],
    program: 'docker swarm 20.10',
    hides: 'a task that is pending, no suitable node',
    why: 'The engine of node-2 is gone, so the swarm shows the node as Down; the service was moved to it and its task can go nowhere else.',
    steps: async (second) => {
      await expect('tag base/debian:12 jobs/scheduler:1.3');
      await expect(
        'service create --detach --no-resolve-image --name scheduler --constraint node.hostname==node-1 jobs/scheduler:1.3 sleep infinity',
      );
      await sleep(6);
      await second.kill();
      await until(async () => /Down/.test((await docker('node ls')).text), {
        seconds: 90,
        what: 'node down',
      });
      await expect(
        'service update --detach --no-resolve-image --constraint-rm node.hostname==node-1 --constraint-add node.hostname==node-2 scheduler',
      );
      await sleep(8);
      return {
        'nodes.txt': await expect('node ls'),
        'service-ps.txt': await expect('service ps --no-trunc scheduler'),
        'services.txt': await expect('service ls'),
      };
    },
  },
  {
    id: 'control-plane-unavailable-swarm-no-leader',
    category: 'control-plane-unavailable',
    app: null,
    role: 'manager',
    log: 'deploy.log',
    form: 'application-log',
    split: 'tune',
    proof: ['The swarm does not have a leader'],
    program: 'docker swarm 20.10',
    hides: 'ERROR: Job failed: exit code 1',
    why: 'One of two managers is gone, so the other has no majority and no leader can be chosen; no command on services is answered.',
    steps: async (second) => {
      let text = '';
      const say = async (line) => {
        const { code, text: said } = await docker(line, { seconds: 120 });
        text += `$ docker ${line}\n${said}${code ? `exit status ${code}\n` : ''}`;
      };
      await say('node ls');
      await second.kill();
      await sleep(25);
      await say('service ls');
      await say('stack ls');
      return { 'deploy.log': `${text}ERROR: Job failed: exit code 1\n` };
    },
  },
].map(onTwo);

await recordAll(script, scenarios, { atOnce: 1 });
