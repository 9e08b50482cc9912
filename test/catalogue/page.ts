import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { bundledEntries } from '../../src/catalog/bundled';
import type { CatalogueEntry, Variable } from '../../src/catalog/entry';
import { projectRoot } from '../harness/paths';

export const pageFile = join(projectRoot, 'docs', 'catalogue.md');

const begin =
  '<!-- The table is made from the data: npx vitest run -c test/unit/vitest.config.ts catalog/page -u -->';
const end = '<!-- end of the table -->';

/** The page with its table as the data would have it. */
export async function pageWithTable(): Promise<string> {
  const page = await readFile(pageFile, 'utf8');
  const [before, rest] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || rest < 0) throw new Error(`${pageFile} has lost the marks of its table.`);
  const text = `${page.slice(0, before)}${begin}\n\n${table()}\n\n${page.slice(rest)}`;
  return await format(text, { ...(await resolveConfig(pageFile)), filepath: pageFile });
}

function table(): string {
  const rows = bundledEntries.map((entry) => `| ${cells(entry).map(cell).join(' | ')} |`);
  return [
    '| name | for | program | publisher | needs | reaches | tools |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function cells(entry: CatalogueEntry): string[] {
  return [
    `\`${entry.name}\``,
    entry.purpose,
    programText(entry),
    entry.official ? `${entry.publisher} (official)` : entry.publisher,
    entry.environment.filter(isAsked).map(needText).join(', ') || 'nothing',
    entry.hosts.map((host) => `\`${host}\``).join(', ') || 'nothing',
    toolsText(entry),
  ];
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

function isAsked({ required, default: usual }: Variable): boolean {
  return required && usual === undefined;
}

function needText({ name, secret, mint }: Variable): string {
  return `\`${name}\`${mint ? ' (made)' : secret ? ' (secret)' : ''}`;
}

function programText({ program }: CatalogueEntry): string {
  return 'package' in program
    ? `${program.kind === 'npm' ? 'npm' : 'PyPI'} ${program.package} ${program.version}`
    : 'comes with War Room';
}

function toolsText({ program, tools, needsBuild, provenance }: CatalogueEntry): string {
  if (program.kind === 'bundled') return '[its page](mcp-servers.md)';
  if (needsBuild) return 'needs a build, not offered';
  if (provenance.notStarted !== null) return 'did not start, not offered';
  if (provenance.startedOn === null) return 'not tried: it wants real credentials to start';
  return `${tools.length}, listed on ${provenance.startedOn}`;
}
