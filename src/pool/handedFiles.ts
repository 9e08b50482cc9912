const listVariable = 'WAR_ROOM_FILES';
const contentPrefix = 'WAR_ROOM_FILE_';

/**
 * The variables by which files come to a server: the guard of our images writes each and names it
 * in its variable (docs/pool.md, "Images").
 * @param files contents by the variable that shall name the file
 */
export function variablesOfFiles(files: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(files);
  if (names.length === 0) return {};
  const contents = Object.entries(files).map(
    ([name, content]) => [contentPrefix + name, content] as const,
  );
  return { ...Object.fromEntries(contents), [listVariable]: names.join(' ') };
}

/** Names of the variables whose files the guard is to write. */
export function filesIn(environment: Readonly<Record<string, string>>): readonly string[] {
  return environment[listVariable]?.split(' ') ?? [];
}
