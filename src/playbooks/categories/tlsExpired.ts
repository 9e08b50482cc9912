import { who } from '../commands';
import { proof, type Playbook } from '../playbook';
import { tlsAdvice, tlsCollect, tlsPeer, tlsQuestions } from './tls';

const sure = { weight: 0.9 };

export const tlsExpired: Playbook = {
  category: 'tls-expired',
  layer: 'origin',
  severity: 'critical',
  signals: [
    proof(
      /certificate has expired or is not yet valid: current time \S+ is (?:after|before) (?<certificateDate>[\w:.+-]*\w)/i,
      sure,
    ),
    proof(/certificate (?:has|is) expired\b/i, sure),
    proof(/\bCERT_HAS_EXPIRED\b|\bCERT_NOT_YET_VALID\b/i, sure),
    proof(/certificate is not yet valid|certificate has not yet become valid/i, sure),
    proof(/CertificateExpiredException(?:: NotAfter: (?<certificateDate>\w[\w :]*\w))?/i, sure),
    proof(
      /CertificateNotYetValidException(?:: NotBefore: (?<certificateDate>\w[\w :]*\w))?/i,
      sure,
    ),
    proof(/PKIX path validation failed: \S+ validity check failed/i, sure),
    proof(/certificate chain: NotTimeValid|\bNotTimeValid\b/i, sure),
    proof(
      /invalid peer certificate: (?:Expired|certificate (?:expired|not valid yet))|\bCertExpired\b/i,
      sure,
    ),
    proof(
      /alert certificate expired|SSL alert number 45|tls: expired certificate|certificate_expired/i,
      sure,
    ),
    proof(/certificate (?:for|of) \S+ (?:has )?expired/i, sure),
    proof(
      /certificates? (?:\S+ )?expired (?:on|at|since) (?<certificateDate>\d[\w :.+-]*\w)/i,
      sure,
    ),
    proof(/\bcertificate\b[^\n]{0,60}\bexpired\b/i, {
      weight: 0.75,
      unless: /not expired|will expire|expires in|before it expire/i,
    }),
    // Envoy, Linkerd's check, rustls
    proof(/\bverify cert failed: cert has expired|\bfatal alert: CertificateExpired\b/i, sure),
    proof(/\bnot valid anymore\. Expired on (?<certificateDate>[\d:TZ-]+)/i, sure),
  ],
  extract: [/\bnot ?After ?[=:] ?(?<certificateDate>\w[\w :.+-]*\w)/i],
  recovery: [/certificate (?:has been |was )?(?:successfully )?(?:renewed|reloaded|rotated)/i],
  keywords: ['tls', 'certificate'],
  summary: (situation) => {
    const { certificateDate } = situation.facts;
    const when = certificateDate ? ` (${certificateDate})` : '';
    return `The certificate of ${tlsPeer(situation)} is past its time or before it${when}, so ${who(situation)} refuses the connection.`;
  },
  questions: tlsQuestions,
  collect: (situation) => [...tlsCollect(situation), 'date -u'],
  advice: (situation) =>
    tlsAdvice(
      situation,
      'Renew the certificate and let the server load it (many load it only at their start); then see why it was not renewed by itself. If the certificate is young, a clock is wrong. Switching the check off is no cure.',
    ),
};
