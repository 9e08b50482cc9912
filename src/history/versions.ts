import type { FileVersion } from '../remediation/surroundings';
import type { Git } from './git';
import { headCommit } from './repository';

const most = 20;
const longestBytes = 1 << 20;

/** The texts that a file had in the last commits that changed it, newest first. */
export async function versionsOf(git: Git, path: string): Promise<FileVersion[]> {
  if ((await headCommit(git)) === null) return [];
  const format = '--format=%H%x09%cI%x09%s';
  const log = await git.text(['log', format, `--max-count=${most}`, '--', path]);
  const commits = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', at = '', ...subject] = line.split('\t');
      return { commit, at, subject: subject.join('\t') };
    });
  if (commits.length === 0) return [];
  const input = commits.map(({ commit }) => `${commit}:./${path}\n`).join('');
  const { stdout } = await git.run(['cat-file', '--batch'], { input: Buffer.from(input) });
  const texts = blobsIn(stdout);
  return commits.flatMap((commit, index) => {
    const bytes = texts[index];
    return bytes && bytes.length <= longestBytes ? [{ ...commit, bytes }] : [];
  });
}

/** The answers of `cat-file --batch`, in order; undefined for a commit that took the file away. */
function blobsIn(output: Buffer): (Uint8Array | undefined)[] {
  const found: (Uint8Array | undefined)[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf('\n', at);
    const header = output.subarray(at, end < 0 ? output.length : end).toString('utf8');
    const size = / blob (\d+)$/.exec(header)?.[1];
    at = end < 0 ? output.length : end + 1;
    if (size === undefined) found.push(undefined);
    else {
      found.push(new Uint8Array(output.subarray(at, at + Number(size))));
      at += Number(size) + 1;
    }
  }
  return found;
}
