/** Names of variables and keys whose values belong into a Secret. */
const secretName =
  /pass(?:word|wd|phrase)?(?:_|$)|secret|token|credential|private|api_?key|access_?key|encryption|(?:^|_)(?:key|dsn|pwd|auth)(?:_|$)/i;

/** True where a name says that its value is a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}

/** True where a value holds a password, whatever its name says. */
export function holdsSecret(value: string): boolean {
  return /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN|\b[sr]k_(?:live|test)_|\bgh[pousr]_|\bgithub_pat_|\bAKIA[A-Z0-9]{12}|\bxox[abprs]-|\beyJ[\w-]{10}|(?:password|pwd|secret|token)=\S/i.test(
    value,
  );
}
