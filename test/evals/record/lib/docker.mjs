// Scenarios on a Docker engine: containers and networks carry a label, so that they all go afterwards.
import { createHash } from 'node:crypto';
import { writeCase } from './case.mjs';
import { run, until, words } from './shell.mjs';

/** Runs one docker command line. */
export const docker = (line, options) => run('docker', words(line), options);

/**
 * A scenario on Docker: `steps(docker, since)` breaks the thing and returns the evidence by file name.
 * In the lines given to it `run`, `create` and `network create` get the label.
 */
export function onDocker(scenario) {
  // Evidence shows labels: this one looks like Compose's, and does not tell what is wrong.
  const stack = createHash('sha256').update(scenario.id).digest('hex').slice(0, 8);
  const label = `com.docker.compose.project=${scenario.app ?? 'stack'}-${stack}`;
  const labelled = (line, options) =>
    docker(
      line.replace(/^(run|create|network create|volume create)\b/, `$1 --label ${label}`),
      options,
    );
  const record = async (folder, script) => {
    const since = Math.floor(Date.now() / 1000);
    try {
      for (const name of scenario.images ?? []) {
        const { code, text } = await docker(`tag base/debian:12 ${name}`);
        if (code !== 0) throw new Error(text);
      }
      await writeCase(folder, script, scenario, await scenario.steps(labelled, since));
    } finally {
      if (!process.env.KEEP) await clean(label);
    }
  };
  return { ...scenario, record };
}

async function clean(label) {
  const filter = `--filter label=${label}`;
  const ids = async (line) => (await docker(line)).text.split('\n').filter(Boolean).join(' ');
  const containers = await ids(`ps -aq ${filter}`);
  if (containers) await docker(`rm -f -v ${containers}`);
  const networks = await ids(`network ls -q ${filter}`);
  if (networks) await docker(`network rm ${networks}`);
  const volumes = await ids(`volume ls -q ${filter}`);
  if (volumes) await docker(`volume rm ${volumes}`);
}

/** What `docker events` tells of one container since a moment (Unix seconds). */
export const eventsOf = async (container, since) =>
  (
    await docker(
      `events --since ${since} --until ${Math.floor(Date.now() / 1000) + 1} --filter container=${container}`,
    )
  ).text;

/** Waits until a docker command prints something. */
export const untilPrints = (line, pattern, seconds = 120) =>
  until(async () => pattern.test((await docker(line)).text), { seconds, what: `docker ${line}` });
