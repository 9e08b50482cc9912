import type { Git } from './git';
import { headCommit } from './repository';

const dayMs = 24 * 60 * 60_000;
const mostCommits = 20;

/**
 * Commits of the 24 h before `before` that touched the chart or the values of an application (of
 * all, where it is null), newest first: `<short sha> <date> <author>: <subject>`.
 */
export async function changesBefore(git: Git, app: string | null, before: Date): Promise<string[]> {
  if ((await headCommit(git)) === null) return [];
  const args = [
    'log',
    '--format=%h %aI %an: %s',
    `--since=${new Date(before.getTime() - dayMs).toISOString()}`,
    `--until=${before.toISOString()}`,
    `--max-count=${mostCommits}`,
    'HEAD',
    '--',
    ...pathspecs(app),
  ];
  const text = await git.text(args, { env: { GIT_LITERAL_PATHSPECS: '0' } });
  return text.split('\n').filter((line) => line !== '');
}

function pathspecs(app: string | null): string[] {
  const patterns =
    app === null
      ? ['**/values*.y*ml', '**/Chart.yaml', '**/templates/**']
      : ['y*ml', 'tpl', 'json'].flatMap((end) => [
          `**/${literal(app)}/**/*.${end}`,
          `**/*${literal(app)}*.${end}`,
        ]);
  return patterns.map((pattern) => `:(glob)${pattern}`);
}

function literal(name: string): string {
  return name.replace(/[*?[\]\\]/g, '\\$&');
}
