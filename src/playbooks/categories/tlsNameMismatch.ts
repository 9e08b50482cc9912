import { who } from '../commands';
import { proof, type Playbook } from '../playbook';
import { tlsAdvice, tlsCollect, tlsPeer, tlsQuestions } from './tls';

const sure = { weight: 0.9 };

export const tlsNameMismatch: Playbook = {
  category: 'tls-name-mismatch',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(
      /Host: (?<host>[\w.-]+)\. is not (?:in the cert's altnames: (?<certificateNames>[^\n"]*[^\n".])|cert's CN: (?<certificateNames2>[\w.*-]+))/i,
      sure,
    ),
    proof(/ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/i, sure),
    proof(/certificate is not valid for ["'](?<host>[\w.:-]+)/i, sure),
    proof(/(?:Hostname|IP address) mismatch, certificate is not valid/i, sure),
    proof(
      /hostname ["'](?<host>[\w.-]+)["'] doesn't match (?:either of )?(?<certificateNames>["'][^\n]*["'])/i,
      sure,
    ),
    proof(
      /x509: certificate is valid for (?<certificateNames>[\w.*:, -]+), not (?<host>[\w.-]+)/i,
      sure,
    ),
    proof(
      /cannot validate certificate for (?<host>[\d.a-f:]+) because it doesn't contain any IP SANs/i,
      sure,
    ),
    proof(/certificate is not valid for any names, but wanted to match (?<host>[\w.-]+)/i, sure),
    proof(/certificate relies on legacy Common Name field/i, sure),
    proof(
      /No (?:subject alternative (?:DNS )?names?|name) (?:matching (?:IP address )?(?<host>[\w.:-]+) found|present)/i,
      sure,
    ),
    proof(
      /Certificate for <(?<host>[\w.-]+)> doesn't match (?:any of the subject alternative names: (?<certificateNames>\[[^\]]*\])|common name)/i,
      sure,
    ),
    proof(/RemoteCertificateNameMismatch/i, sure),
    proof(
      /no alternative certificate subject name matches target (?:ipv4 address|host ?name) ["'](?<host>[\w.-]+)/i,
      sure,
    ),
    proof(
      /certificate subject name ["'(](?<certificateNames>[^"')]+)["')] does not match target host ?name ["'](?<host>[\w.-]+)/i,
      sure,
    ),
    proof(/NotValidForName|certificate not valid for name ["'](?<host>[\w.-]+)/i, sure),
    proof(/hostname ["'](?<host>[\w.-]+)["'] does not match the server certificate/i, sure),
    proof(
      /server certificate for ["'\\]{0,4}(?<certificateNames>[^"\\]{1,253})["'\\]{0,4} (?:\(and \d+ other names?\) )?does not match host name ["'\\]*(?<host>[\w.-]+)/i,
      sure,
    ),
    proof(
      /Peer certificate CN=.(?<certificateNames>[\w.*-]+).? did not match expected CN=.(?<host>[\w.-]+)/i,
      sure,
    ),
    proof(/upstream SSL certificate does not match ["'](?<host>[\w.-]+)/i, sure),
    proof(
      /certificate (?:common name|subject|name)?[^\n]{0,60}(?:does not|doesn't|did not) match[^\n]{0,30}host ?name/i,
      { weight: 0.75 },
    ),
    proof(/SSLPeerUnverifiedException: Hostname (?<host>[\w.-]+) not verified/i, sure),
    // Envoy, Erlang, gRPC, wget, the PostgreSQL driver of Java
    proof(/\bverify cert failed: verify SAN list|\bbad_cert, ?hostname_check_failed\b/i, sure),
    proof(/\bPeer name (?<host>[\w.-]{1,253}) is not in peer certificate/i, sure),
    proof(/\bcertificate's owner does not match host ?name ['‘"](?<host>[\w.-]+)/i, sure),
    proof(/\bThe hostname (?<host>[\w.-]{1,253}) could not be verified by hostnameverifier/i, sure),
  ],
  keywords: ['tls', 'certificate'],
  summary: (situation) => {
    const { certificateNames, host } = situation.facts;
    const names = certificateNames ? ` (it is for ${certificateNames})` : '';
    return `${who(situation)} refuses the certificate of ${tlsPeer(situation)}: it is not made out to ${host ?? 'the name that was called'}${names}.`;
  },
  questions: tlsQuestions,
  collect: tlsCollect,
  advice: (situation) =>
    tlsAdvice(
      situation,
      'Call the service by a name that its certificate holds, or have the certificate issued for the name that is called as well. Switching the check off is no cure.',
    ),
};
