import { pathText } from '../yaml/keyPath';
import type { ScalarPlace } from '../yaml/valuesDocument';
import { editOf, refusal, sharingWarnings, wholeNumber } from './edits';
import type { Fixer, FixTarget } from './fix';
import { fitsContainer, locate } from './locate';
import { mostPods } from './pods';

/** Names of settings for how many connections one program may hold. */
const poolName =
  /(?:^|[._-])(?:db|database|sql|postgres|pg|mysql|mongo|hikari|datasource)?[._-]?(?:max(?:imum)?[._-]?)?(?:connection[._-]?)?pool[._-]?(?:max|size|limit)|maximumPoolSize|(?:connection|pool)[._-]?limit$|max[._-]?(?:open[._-]?)?conn(?:ection)?s$|maxPoolSize$/i;

/**
 * `database-connections-exhausted`, where the server says how many connections it allows:
 * `pool x (replicas + surge) + reserve <= max connections`.
 */
export const poolFixer: Fixer = {
  objection: ({ maxConnections }) =>
    maxConnections
      ? null
      : 'How many connections the server allows in all (max_connections) is not in the evidence, so no size of a pool can be told from it: a larger pool might only exhaust the server.',

  fix(target) {
    const most = target.facts.maxConnections?.value ?? 0;
    const { place, why } = locate(target, {
      name: 'size of the connection pool',
      path: ['db', 'poolSize'],
      ownerOf: (candidate) => (isPool(target, candidate) ? [] : undefined),
      seen: undefined,
      isSeen: () => true,
    });
    const old = wholeNumber(place);
    const pods = mostPods(target);
    const reserve = Math.max(3, Math.ceil(most / 10));
    const size = Math.floor((most - reserve) / pods.count);
    const sum = `(${most} - ${reserve}) / ${pods.words}`;
    if (size >= old) {
      throw refusal(
        `${old} x ${pods.words} + ${reserve} is at most ${most}, so the pools of this application fit; others hold the connections, or they are leaked. The file was left as it is.`,
      );
    }
    if (size < 1) {
      throw refusal(
        `${most} connections are too few for ${pods.words} pods with one each and ${reserve} in reserve; put a pooler such as PgBouncer between, or run fewer pods.`,
      );
    }
    return {
      title: `lower connection pool to ${size}`,
      edits: [editOf(place, String(size))],
      reason: `All pods of a rollout together ask for ${old} x ${pods.words} = ${old * pods.count} connections, and the server allows ${most}; ${why}.`,
      formula: `pool x (replicas + surge) + reserve <= max connections: ${sum}, rounded down = ${size}`,
      warnings: [
        'Other clients of the same server are not counted, beyond the reserve of a tenth.',
        ...sharingWarnings([place]),
      ],
    };
  },

  patch: () => null,
};

/** A pool's size as a value, or as a variable of a list. */
function isPool(target: FixTarget, place: ScalarPlace): boolean {
  const { keyPath } = place;
  const last = keyPath.at(-1);
  const owner = keyPath.slice(0, -1);
  const name = last === 'value' ? target.document.find([...owner, 'name'])?.value : last;
  const said = pathText([...owner.slice(-1), String(name)]);
  if (!poolName.test(String(name)) && !poolName.test(said)) return false;
  const first = owner.slice(target.prefix.length, target.prefix.length + 1);
  return /^\d+$/.test(String(place.value)) && !isForeign(target, first);
}

/** A block of the file that is another program's. */
function isForeign(target: FixTarget, [part]: readonly (string | number)[]): boolean {
  if (typeof part !== 'string') return false;
  return /redis|http|thread|cache/i.test(part) && !fitsContainer(target, [part]);
}
