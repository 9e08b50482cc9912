import { isData } from '../../base/data';

/** Values as YAML and JSON give them: mappings are plain objects. */
export type Values = Record<string, unknown>;

/**
 * Values over defaults, as Helm joins them: mappings key by key, lists and all else whole; null
 * takes a default away.
 */
export function coalesced(defaults: Values, values: Values): Values {
  const result: Values = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const below = result[key];
    if (value === null) delete result[key];
    else result[key] = isData(value) && isData(below) ? coalesced(below, value) : value;
  }
  return result;
}
