/** Parsed YAML or JSON whose shape nobody vouches for. */
export type Data = Readonly<Record<string, unknown>>;

/** True for a mapping. */
export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
