import path from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { makePrivateFolder, readIfThere, writeAtomically } from '../base/privateFiles';
import type { Program } from '../incident/program';
import type { CatalogueEntry } from '../catalog/entry';
import { dataFolder, surroundings } from '../store/dataFolder';

/** The `mcp.json` of the data folder, which holds what the person took over from a search. */
export function ownFile(): string {
  return path.join(dataFolder(surroundings()), 'mcp.json');
}

/** Adds a server to {@link ownFile}; what else the file holds stays as it is, comments too. */
export async function addToOwnFile(entry: CatalogueEntry): Promise<void> {
  const { name, program, args, environment } = entry;
  const file = ownFile();
  const before = (await readIfThere(file))?.toString('utf8') ?? '';
  const env = Object.fromEntries(environment.map((each) => [each.name, `\${env:${each.name}}`]));
  const filled = args.map((each) => each.replace(/\$\{(\w+)\}/g, '${env:$1}'));
  const server = { ...commandOf(program, filled), env };
  const edits = modify(before, ['servers', name], server, {
    formattingOptions: { insertSpaces: true, tabSize: 2 },
  });
  await makePrivateFolder(path.dirname(file));
  await writeAtomically(file, applyEdits(before, edits));
}

/** The command that any MCP client would start the program with. */
function commandOf(program: Program, args: readonly string[]) {
  switch (program.kind) {
    case 'npm':
      return { command: 'npx', args: ['-y', `${program.package}@${program.version}`, ...args] };
    case 'pypi':
      return { command: 'uvx', args: [`${program.package}==${program.version}`, ...args] };
    case 'oci':
      return { command: 'docker', args: ['run', '-i', '--rm', program.image, ...args] };
    case 'command':
      return { command: program.command, args, cwd: program.folder };
    case 'bundled':
      return { command: 'war-room', args: ['mcp', program.script] };
  }
}
