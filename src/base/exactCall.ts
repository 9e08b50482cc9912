/**
 * A call of a tool as one line, the same for the same call: `scale_deployment {"deployment": …}`
 * with its arguments by name and without those that are undefined. What a person approves, what a
 * server asks about and what a client answers are compared by it.
 */
export function exactCall(tool: string, arguments_: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(arguments_)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${tool} ${JSON.stringify(Object.fromEntries(given))}`;
}
