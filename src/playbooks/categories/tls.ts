import type { Advice, Question } from '../../incident/analysis';
import { askServiceLogs, peerAt } from '../commands';
import type { Situation } from '../playbook';

/** Whose handshake failed, in a sentence. */
export const tlsPeer = (situation: Situation): string => peerAt(situation, 'the other side');

/** Prints what the other side's certificate says of itself. */
function showCertificate({ facts }: Situation): string {
  const { host = '<host>', port = 443 } = facts;
  return `openssl s_client -connect ${host}:${port} -servername ${host} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`;
}

const issuers = 'kubectl get certificates,certificaterequests -A';

export const tlsCollect = (situation: Situation): string[] => [showCertificate(situation), issuers];

export const tlsQuestions = (situation: Situation): Question[] =>
  askServiceLogs(situation, 'shows which peer the handshake fails with');

export function tlsAdvice(situation: Situation, summary: string): Advice {
  return {
    summary,
    commands: [
      { title: 'See the certificate that is served', command: showCertificate(situation) },
      {
        title: 'See what issues certificates in the cluster',
        command: issuers,
      },
    ],
  };
}
