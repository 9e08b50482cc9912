import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { bundledEntries } from '../../../src/catalog/bundled';
import type { CatalogueEntry } from '../../../src/catalog/entry';
import { needsLive } from '../../catalogue/placeholders';
import { catalogueTool, parseTranscript, recordedTools } from '../../catalogue/transcript';
import { projectRoot } from '../../harness/paths';
import { bundledSchema } from './schema';

const folder = join(projectRoot, 'test', 'fixtures', 'catalogue');

const packaged = bundledEntries.filter(({ program }) => program.kind !== 'bundled');
const started = packaged.filter(({ provenance }) => provenance.startedOn !== null);

function transcriptOf({ provenance }: CatalogueEntry) {
  return parseTranscript(readFileSync(join(folder, provenance.transcript ?? ''), 'utf8'));
}

describe('the bundled list', () => {
  it.each(bundledEntries.map((entry) => [entry.name, entry] as const))(
    '%s is complete and exact',
    (_, entry) => {
      expect(bundledSchema.safeParse(entry).error?.issues ?? []).toEqual([]);
    },
  );

  it('holds at least 40 servers, of which at least 30 have listed their tools in a container', () => {
    expect(bundledEntries.length).toBeGreaterThanOrEqual(40);
    expect(started.length).toBeGreaterThanOrEqual(30);
  });

  it('names no server twice', () => {
    const names = bundledEntries.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('uses in arguments and hosts only variables that are declared', () => {
    for (const { name, args, hosts, environment } of bundledEntries) {
      const used = [...args, ...hosts].flatMap((text) =>
        [...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => variable),
      );
      const declared = environment.map((variable) => variable.name);
      expect(
        used.filter((variable) => !declared.includes(variable ?? '')),
        name,
      ).toEqual([]);
    }
  });

  it('says of every server that did not start why, but for those that want real credentials', () => {
    const silent = packaged.filter(
      ({ provenance }) => provenance.startedOn === null && provenance.notStarted === null,
    );
    const untried = silent.map(({ name }) => name);
    expect(untried.filter((name) => !Object.hasOwn(needsLive, name))).toEqual([]);
  });

  it('keeps no secret that a server is given', () => {
    for (const { environment } of bundledEntries) {
      for (const variable of environment.filter(({ secret }) => secret)) {
        expect(variable.default).toBeUndefined();
      }
    }
  });
});

describe('the transcripts', () => {
  it('are there for the servers that started, and for no others', () => {
    const files = existsSync(folder)
      ? readdirSync(folder).filter((file) => file.endsWith('.jsonl'))
      : [];
    expect(files.sort()).toEqual(started.map(({ name }) => `${name}.jsonl`).sort());
  });

  it.each(started.map((entry) => [entry.name, entry] as const))(
    '%s listed exactly the tools that the data has, in the version that is pinned',
    (_, entry) => {
      const { header, lines } = transcriptOf(entry);
      expect(recordedTools(lines).map(catalogueTool)).toEqual(entry.tools);
      expect(header).toMatchObject({ server: entry.name, recordedOn: entry.provenance.startedOn });
      const { program } = entry;
      expect('version' in program && header.program).toBe(
        'package' in program ? `${program.kind}:${program.package}@${program.version}` : '',
      );
    },
  );

  it.each(started.map((entry) => [entry.name, entry] as const))(
    '%s is only asked what its tools take',
    (_, entry) => {
      const tools = recordedTools(transcriptOf(entry).lines);
      for (const look of entry.looks) {
        const schema = tools.find(({ name }) => name === look.tool)?.inputSchema;
        expect(schema, look.tool).toBeDefined();
        const given = Object.keys(look.arguments);
        expect(Object.keys(schema?.properties ?? {}), look.tool).toEqual(
          expect.arrayContaining(given),
        );
        expect(given, look.tool).toEqual(expect.arrayContaining([...(schema?.required ?? [])]));
      }
    },
  );
});

/** Tools that a server does not call read-only, and why what they are asked only reads. */
const readingAnyway: Readonly<Record<string, RegExp>> = {
  execute_sql: /^select /i,
  mysql_query: /^select /i,
  run_query: /^select /i,
};

describe('what a diagnosis asks', () => {
  it('only reads', () => {
    for (const { name, tools, looks } of started) {
      for (const look of looks) {
        const tool = tools.find((each) => each.name === look.tool);
        const statement = Object.values(look.arguments).find((value) => typeof value === 'string');
        const reads =
          tool?.readOnly === true ||
          readingAnyway[look.tool]?.test(String(statement)) === true ||
          /(^|_)(get|list|info|scan|describe|health|status)|Get|List|health/.test(look.tool);
        expect(reads, `${name}/${look.tool}`).toBe(true);
      }
    }
  });

  it('is asked of servers that started', () => {
    const unproven = packaged.filter(
      ({ provenance, looks }) => provenance.startedOn === null && looks.length > 0,
    );
    expect(unproven.map(({ name }) => name)).toEqual([]);
  });

  it('cites with regular expressions that compile', () => {
    for (const { looks } of bundledEntries) {
      for (const pattern of looks.flatMap(({ cites }) => cites)) {
        expect(() => new RegExp(pattern)).not.toThrow();
      }
    }
  });
});
