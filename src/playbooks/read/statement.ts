/** PostgreSQL's own form: a stamp or a process in front, and two blanks behind the severity. */
const start =
  /^(?:\S.{0,120}[\]\w>] {1,2})?(?:LOG: {2}(?:duration: [\d.]+ ms {2})?(?:statement|(?:execute|parse|bind) [^:]{1,60}): |(?:STATEMENT|QUERY): {2})/;

/**
 * Where the statement begins that a database says it was asked to run, with whatever text it holds;
 * the length of the message where it tells of none.
 */
export function statementStart(message: string): number {
  const match = message.includes(':  ') ? start.exec(message.slice(0, 1000)) : null;
  return match ? match.index + match[0].length : message.length;
}
