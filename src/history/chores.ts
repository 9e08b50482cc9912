import { simpleGit } from 'simple-git';

const deadlineMs = 30_000;

const at = (folder: string) => simpleGit({ baseDir: folder, timeout: { block: deadlineMs } });

/** A commit with its diff, as text for a person. */
export async function commitText(repository: string, sha: string): Promise<string> {
  return await at(repository).show(['--stat', '--patch', '--no-color', '--no-ext-diff', sha]);
}

/** Tells git who commits, for this repository alone. */
export async function setIdentity(repository: string, name: string, email: string): Promise<void> {
  await at(repository).addConfig('user.name', name).addConfig('user.email', email);
}

/** Makes a folder a repository with one commit of all that it holds, by nobody in particular. */
export async function beginRepository(folder: string): Promise<void> {
  await at(folder).init(['--initial-branch=main']).add('.');
  const nobody = ['user.name=War Room Sample', 'user.email=sample@example.com'];
  await simpleGit({ baseDir: folder, config: nobody, timeout: { block: deadlineMs } }).commit(
    'The sample repository',
    { '--no-verify': null },
  );
}
