/** SQL Server's line, and the number before it, of a name that it does not know. */
const unknownLogin =
  /\bLogin failed for user '(?:sa|admin|administrator|root|test|guest|user|mssql|kisadmin)'\. Reason: Could not find a login matching the name/i;
const unknownState = /^(?:\S+ +)*Error: 18456, Severity: 14, State: 5\b/;
/** Networks of one's own, also those that clouds give to pods. */
const inside =
  /\[CLIENT: (?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1|f[cd]|<)/i;

/** True where a database tells that somebody from outside tried a name that everybody tries. */
export function isGuess(text: string): boolean {
  const head = text.slice(0, 1000);
  return unknownState.test(head) || (unknownLogin.test(head) && !inside.test(head));
}
