import { WarRoomError, messageOf } from '../../../base/errors';

type Sentence = (server: string) => string;

const unreachable: Sentence = (server) =>
  `${server} was not fetched: the npm registry could not be reached; check the network and the proxy of your .npmrc, and try again.`;
const refused: Sentence = (server) =>
  `${server} was not fetched: the npm registry wants you to sign in; run \`npm login\`, or check the credentials of your .npmrc.`;
const untrusted: Sentence = (server) =>
  `${server} was not fetched: the certificate of the npm registry is not trusted; set \`cafile\` in your .npmrc.`;
const unknown: Sentence = (server) =>
  `${server} was not fetched: the npm registry has no such version; check the package and its version.`;
const changed: Sentence = (server) =>
  `${server} was not taken: what the npm registry delivered is not what was pinned (EINTEGRITY); ask the publisher what changed.`;
const noRoom: Sentence = (server) =>
  `${server} was not fetched: no space is left on this machine's disk; make room and try again.`;
const outside: Sentence = (server) =>
  `${server} was not taken: it depends on something outside the npm registry; choose another server.`;
const unresolvable: Sentence = (server) =>
  `${server} was not fetched: what its packages depend on contradicts itself (ERESOLVE); choose another version.`;

/** Sentences by the codes of npm, Node and TLS. */
const sentences: Readonly<Record<string, Sentence>> = {
  E401: refused,
  E403: refused,
  EOTP: refused,
  ENEEDAUTH: refused,
  E404: unknown,
  ETARGET: unknown,
  ENOVERSIONS: unknown,
  EINTEGRITY: changed,
  ENOSPC: noRoom,
  EDQUOT: noRoom,
  ERESOLVE: unresolvable,
  EALLOWGIT: outside,
  EALLOWREMOTE: outside,
  EALLOWFILE: outside,
  EALLOWDIRECTORY: outside,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ECONNECTIONTIMEOUT: unreachable,
  EIDLETIMEOUT: unreachable,
  ERESPONSETIMEOUT: unreachable,
  ERR_SOCKET_TIMEOUT: unreachable,
  ETIMEDOUT: unreachable,
  ENETUNREACH: unreachable,
  EHOSTUNREACH: unreachable,
  E407: unreachable,
  E500: unreachable,
  E502: unreachable,
  E503: unreachable,
  E504: unreachable,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
};

/** What is said when npm's libraries fail; none of it holds an address or a secret. */
export function npmFailure(error: unknown, server: string): string {
  if (WarRoomError.is(error)) return error.message;
  const sentence = codesOf(error).flatMap((code) => sentences[code] ?? [])[0];
  return sentence?.(server) ?? `${server} was not fetched: ${withoutAddresses(messageOf(error))}.`;
}

/** Codes of an error and of what caused it. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, errno } = error as NodeJS.ErrnoException;
  return [code, errno, ...codesOf(error.cause)].flatMap((each) =>
    typeof each === 'string' ? [each] : [],
  );
}

/** An address of a registry may hold credentials. */
function withoutAddresses(text: string): string {
  return text.replace(/\w+:\/\/\S+/g, 'the registry').replace(/[.\s]+$/, '');
}
