import type { DisposableLike } from '../base/disposables';
import { stateWords } from '../incident/state';
import type { Surface } from './surface';

/** Says in words each state that an incident comes to, from `follow` on until it is disposed. */
export interface StateFollower extends DisposableLike {
  follow: (id: string) => void;
}

/** Makes a follower that tells `report`. */
export function followStates(
  { warRoom }: Pick<Surface, 'warRoom'>,
  report: (words: string) => void,
): StateFollower {
  let followed: string | undefined;
  const following = warRoom.onDidChange(() => {
    if (followed === undefined) return;
    warRoom.incident(followed).then(
      ({ state }) => report(stateWords[state]),
      () => undefined,
    );
  });
  return { follow: (id) => (followed = id), dispose: () => following.dispose() };
}
