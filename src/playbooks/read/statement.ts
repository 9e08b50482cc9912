const start =
  /\b(?:LOG: {1,2}(?:duration: [\d.]+ ms {1,2})?(?:statement|(?:execute|parse|bind) [^:]{1,60})|STATEMENT|QUERY): /;

/**
 * Where the statement begins that a database says it was asked to run, with whatever text it holds;
 * the length of the message where it tells of none.
 */
export function statementStart(message: string): number {
  const match = start.exec(message.slice(0, 1000));
  return match ? match.index + match[0].length : message.length;
}
