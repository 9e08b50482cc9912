import { who } from '../commands';
import { proof, type Match, type Playbook, type Refinement } from '../playbook';
import { tlsAdvice, tlsCollect, tlsPeer, tlsQuestions } from './tls';

/** Said in the same sentence, these are the cause. */
const otherCause =
  /expired|not yet valid|mismatch|is not valid for|altnames?|doesn't match|does not match|NotTimeValid|verify SAN list|failed to pull|ErrImagePull/i;
const sure = { weight: 0.9, unless: otherCause };

function unlessOnce({ line, before, after }: Match): Refinement {
  const from = /TLS handshake error from (\[[^\]]+\]|[\w.-]+):\d+: /.exec(line.message)?.[1];
  if (from === undefined) return {};
  const again = [...before, ...after].some(
    ({ message }) => message.includes(`error from ${from}:`) && /certificate/.test(message),
  );
  return again ? {} : { weight: 0.45 };
}

export const tlsUntrusted: Playbook = {
  category: 'tls-untrusted',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(/certificate signed by unknown authority/i, sure),
    proof(/unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE/i, sure),
    proof(/self[- ]signed certificate(?: in certificate chain)?/i, {
      ...sure,
      unless:
        /expired|mismatch|(?:generat|creat|using|with)\w{0,8} (?:a |an )?(?:new )?self[- ]signed|failed to pull/i,
    }),
    proof(/unable to get (?:local )?issuer certificate|UNABLE_TO_GET_ISSUER_CERT/i, sure),
    proof(/DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN/i, sure),
    proof(
      /PKIX path building failed|unable to find valid certification path|SunCertPathBuilderException|trustAnchors parameter must be non-empty/i,
      sure,
    ),
    proof(/\b(?:UntrustedRoot|PartialChain|RemoteCertificateChainErrors)\b/i, sure),
    proof(/invalid peer certificate: UnknownIssuer|\bUnknownIssuer\b/i, sure),
    proof(
      /alert unknown ca\b|SSL alert number 48|tls: unknown certificate authority|certificate_unknown|unknown_ca\b/i,
      { ...sure, weight: 0.85 },
    ),
    proof(
      /(?:tls: |alert )bad certificate|SSL alert number 42|client didn't provide a certificate|tls: certificate required|alert certificate required/i,
      // A server says it of any client that tries: once is no trouble.
      { ...sure, weight: 0.7, refine: unlessOnce },
    ),
    proof(
      /(?:certificate|server certificate) (?:is )?(?:not trusted|untrusted|verification failed)/i,
      { ...sure, weight: 0.75 },
    ),
    proof(/certificate verify failed|CERTIFICATE_VERIFY_FAILED/i, { ...sure, weight: 0.75 }),
    proof(
      /The SSL connection could not be established|SSL certificate problem|SSLHandshakeException|SSL_connect returned=1/i,
      { ...sure, weight: 0.5 },
    ),
    proof(
      /SEC_ERROR_UNKNOWN_ISSUER|remote certificate is invalid according to the validation procedure/i,
      { ...sure, weight: 0.8, unless: /NameMismatch|NotTimeValid/i },
    ),
    // .NET, Android, Erlang, rustls, Kafka
    proof(/\brejected by the provided RemoteCertificateValidationCallback\b/i, {
      ...sure,
      weight: 0.8,
    }),
    proof(/\bTrust anchor for certification path not found\b|\bCaUsedAsEndEntity\b/i, sure),
    proof(/\bCLIENT ALERT: Fatal - (?:Unknown CA|Bad Certificate)\b/i, sure),
    proof(/\bSslAuthenticationException: SSL handshake failed/i, { ...sure, weight: 0.6 }),
    // The file of those that are trusted is not there: curl, libpq, its driver of Java
    proof(
      /\berror setting certificate verify locations\b|\broot certificate file "(?<path>[^"\n]{1,200})" does not exist|\bCould not open SSL root certificate file (?<path2>\S{1,200}\w)/i,
      { ...sure, weight: 0.85 },
    ),
  ],
  keywords: ['tls', 'certificate'],
  summary: (situation) =>
    `${who(situation)} does not trust the certificate of ${tlsPeer(situation)}: who signed it is not among the authorities that it knows, or the chain is served incomplete.`,
  questions: tlsQuestions,
  collect: tlsCollect,
  advice: (situation) =>
    tlsAdvice(
      situation,
      'Give the program the authority that signed the certificate (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, a Java trust store, the image’s ca-certificates), or let the server serve the whole chain. Switching the check off is no cure.',
    ),
};
