import { who } from '../commands';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';

/** How the socket failed. */
function socket({ line, block }: Match): Refinement {
  const text = [line, ...block].map((it) => it.message).join('\n');
  if (/permission denied|EACCES/i.test(text)) return { mechanism: 'permission-denied' };
  if (/refused/i.test(text)) return { mechanism: 'connection-refused' };
  if (/no such file|ENOENT/i.test(text)) return { mechanism: 'socket-missing' };
  return {};
}

const direct = { weight: 0.9, refine: socket };

export const dockerUnreachable: Playbook = {
  category: 'docker-unreachable',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(
      /(?:Cannot|Can't|Could not|Couldn't|Unable to|Failed to) connect to (?:the )?Docker (?:daemon|engine|API|host|socket)/i,
      direct,
    ),
    proof(/Is the docker daemon running/i, direct),
    proof(/trying to connect to the Docker (?:daemon socket|API)/i, direct),
    proof(
      /connect (?:ENOENT|EACCES|ECONNREFUSED) (?<path>\S*docker\S*\.sock|\S*docker_engine)/i,
      direct,
    ),
    proof(/dial unix (?<path>\S*docker\S*\.sock): connect: /i, direct),
    proof(
      /docker\.sock["']?:? (?:connect: )?(?:no such file|connection refused|permission denied)/i,
      direct,
    ),
    proof(/DockerException: Error while fetching server API version/i, direct),
    proof(/error during connect: /i, { refine: socket, weight: 0.7 }),
    proof(/Could not find a valid Docker environment/i, direct),
    proof(/Cannot connect to Podman/i, direct),
    proof(
      /docker (?:daemon|engine) (?:is )?(?:not running|unavailable|unreachable|not reachable|down)/i,
      direct,
    ),
    proof(
      /Failed to (?:get|list|inspect|create|start) \S* ?(?:container|image)s?.*docker\.sock/i,
      direct,
    ),
    proof(
      /dial unix \S{0,120}(?:podman|docker|containerd)\.sock: connect: (?:no such file|connection refused|permission denied)/i,
      {
        weight: 0.9,
      },
    ),
    proof(/\brootless Docker not found\b|\bPROVIDER_DOCKER_(?:NOT_RUNNING|NOT_FOUND|NEWGRP)\b/i, {
      weight: 0.9,
    }),
    proof(/\bcannot access containerd socket "(?<path>[^"]{1,200})"/i, direct),
    // crictl tries several sockets by itself, and says so; only the end of that is fatal.
    proof(
      /\bconnect endpoint 'unix:\/\/(?<path>[^']{1,200})', make sure you are running as root/i,
      {
        weight: 0.85,
        refine: (match) => (match.line.level === 'fatal' ? socket(match) : null),
      },
    ),
    // dockerd
    proof(
      /\bfailed to start daemon: (?:error (?:initializing (?:graphdriver|network controller)|while opening volume store)|pid file found|Devices cgroup)/i,
      { weight: 0.8 },
    ),
  ],
  recovery: [
    /(?:re-?connected|connected) to (?:the )?docker|API listen on \S*docker\.sock|docker (?:daemon|engine) (?:is )?(?:up|ready|reachable|available)/i,
  ],
  keywords: ['docker'],
  summary: (situation) => {
    const why =
      situation.mechanism === 'permission-denied'
        ? 'its user may not use the engine’s socket'
        : situation.mechanism === 'socket-missing'
          ? 'the engine’s socket is not there'
          : 'the engine does not answer';
    return `${who(situation)} cannot reach the Docker engine: ${why}.`;
  },
  questions: () => [
    {
      server: 'logs',
      tool: 'get_engine_status',
      arguments: {},
      why: 'Whether the engine of this machine answers now.',
      cites: ['^engine_version: ', '^containers: '],
    },
  ],
  collect: () => ['docker info', 'systemctl status docker', 'docker context ls'],
  advice: (situation) => ({
    summary:
      situation.mechanism === 'permission-denied'
        ? 'Let the user of the program use the engine: as a member of the group that owns the socket, or through a rootless engine.'
        : 'Start the Docker engine, or point DOCKER_HOST or the Docker context at the one that runs.',
    commands: [
      { title: 'Ask the engine', command: 'docker info' },
      { title: 'See the service', command: 'systemctl status docker' },
      { title: 'See which engine is meant', command: 'docker context ls' },
      { title: 'See who may use the socket', command: 'ls -l /var/run/docker.sock' },
    ],
  }),
};
