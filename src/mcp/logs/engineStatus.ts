import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

import { withDeadline } from '../../base/deadline';
import { addTool } from '../shared/tool';
import { withEngine } from './docker';

const output = {
  where: z.string().describe('Address of the engine'),
  version: z.string(),
  apiVersion: z.string(),
  system: z.string(),
  running: z.number(),
  paused: z.number(),
  stopped: z.number(),
  images: z.number(),
  warnings: z.array(z.string()),
};

/** The tool that says whether the Docker engine answers, and what runs on it. */
export function addEngineStatus(server: McpServer): void {
  addTool(server, 'get_engine_status', {
    title: 'Docker engine',
    description: 'Whether the Docker engine answers, its version, and how many containers it has.',
    input: {},
    output,
    async run(_, signal) {
      const found = await withEngine(signal, async (engine, where) => {
        const [version, info] = await withDeadline('Asking the engine', 10_000, signal, () =>
          Promise.all([engine.version(), engine.info() as Promise<EngineInfo>]),
        );
        return {
          where,
          version: version.Version,
          apiVersion: version.ApiVersion,
          system: `${info.OperatingSystem} (${version.Os}/${version.Arch})`,
          running: info.ContainersRunning,
          paused: info.ContainersPaused,
          stopped: info.ContainersStopped,
          images: info.Images,
          warnings: info.Warnings ?? [],
        };
      });
      const text = [
        `# from Docker, ${found.where}`,
        `engine_version: ${found.version} (API ${found.apiVersion})`,
        `system: ${found.system}`,
        `containers: ${found.running} running, ${found.paused} paused, ${found.stopped} stopped`,
        `images: ${found.images}`,
        ...found.warnings.map((warning) => `warning: ${warning}`),
      ].join('\n');
      return { text, structured: found };
    },
  });
}

/** What is used of the engine's answer to `GET /info`. */
interface EngineInfo {
  OperatingSystem: string;
  ContainersRunning: number;
  ContainersPaused: number;
  ContainersStopped: number;
  Images: number;
  Warnings?: string[] | null;
}
