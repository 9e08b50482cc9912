// Scenarios on a Docker Swarm of one node, on the engine of the recorders. One at a time: the swarm
// is made for a scenario and left after it, and its services go with it.
import { writeCase } from './case.mjs';
import { docker } from './docker.mjs';
import { until } from './shell.mjs';

/** `steps(docker)` breaks the thing on a fresh swarm and returns the evidence by file name. */
export function onSwarm(scenario) {
  const record = async (folder, script) => {
    for (const name of scenario.images ?? []) await expect(`tag base/debian:12 ${name}`);
    await expect('swarm init --advertise-addr 127.0.0.1');
    try {
      await writeCase(folder, script, scenario, await scenario.steps(docker));
    } finally {
      if (!process.env.KEEP) await docker('swarm leave --force');
    }
  };
  return { ...scenario, record };
}

/** Runs a docker command line that must not fail. */
export async function expect(line, options) {
  const { code, text } = await docker(line, options);
  if (code !== 0) throw new Error(`docker ${line}: ${text}`);
  return text;
}

/** Waits until as many tasks of a service are in a state as `docker service ls` counts wanted. */
export const untilRunning = (service) =>
  until(
    async () => {
      const text = await expect(`service ls --filter name=${service} --format {{.Replicas}}`);
      const [running, wanted] = text.split(/[/ ]/);
      return running !== '0' && running?.trim() === wanted?.trim();
    },
    { seconds: 60, what: `${service} runs` },
  );
