import { StreamFrames } from '../../base/streamFrames';

/** The text of an engine's log, standard output and error in the order in which they came. */
export function demultiplex(bytes: Buffer): string {
  const frames = [...new StreamFrames().push(bytes)];
  return Buffer.concat(frames.map(({ payload }) => payload)).toString('utf8');
}
