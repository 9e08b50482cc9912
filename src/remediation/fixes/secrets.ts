/** Names of variables and keys whose values belong into a Secret. */
const secretName =
  /pass(?:word|wd|phrase)?(?:_|$)|secret|token|credential|private|api_?key|access_?key|encryption|(?:^|_)(?:key|dsn|pwd|auth)$/i;

/** True where a name says that its value is a secret. */
export function namesSecret(name: string): boolean {
  return secretName.test(name);
}

/** True where a value holds a password, whatever its name says. */
export function holdsSecret(value: string): boolean {
  return /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN|(?:password|pwd|secret|token)=\S/i.test(value);
}
