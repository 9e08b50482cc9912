import type { Ranked } from '../catalog/rank';
import { reasonText, type Language } from '../catalog/reasons';
import type { LeaveRequest } from '../incident/leave';
import type { Tier } from '../pool/images/records';

interface Words {
  keywords: (words: string) => string;
  searching: string;
  best: (name: string, score: number, why: string) => string;
  further: (name: string, score: number, why: string) => string;
  none: string;
}

/** What the log says while servers are chosen, after the guide of War Room. */
const words: Readonly<Record<Language, Words>> = {
  en: {
    keywords: (list) => `Keywords: ${list}`,
    searching: 'Searching the MCP catalogue',
    best: (name, score, why) => `Best candidate: ${name} (score ${score}/100): ${why}`,
    further: (name, score, why) => `Further candidate: ${name} (score ${score}/100): ${why}`,
    none: 'No server of the catalogue fits',
  },
  ko: {
    keywords: (list) => `키워드: ${list}`,
    searching: 'MCP Catalog 검색 중',
    best: (name, score, why) => `최적 후보: ${name} (점수: ${score}/100): ${why}`,
    further: (name, score, why) => `다음 후보: ${name} (점수: ${score}/100): ${why}`,
    none: '맞는 MCP 서버가 없음',
  },
};

/** The lines that tell how servers were ranked, best first. */
export function rankingLines(
  keywords: readonly string[],
  ranked: readonly Ranked[],
  language: Language,
): string[] {
  const say = words[language];
  const lines = ranked.map(({ entry, score, reasons }, index) => {
    const why = reasons.map((reason) => reasonText(reason, language)).join('; ');
    return (index === 0 ? say.best : say.further)(entry.name, score, why);
  });
  return [
    say.keywords(keywords.join(', ')),
    say.searching,
    ...(lines.length > 0 ? lines : [say.none]),
  ];
}

/** What an image that is not ready adds to a start. */
const imageTexts: Readonly<Record<Tier, string | null>> = {
  1: null,
  2: 'its image is made again first, or tried with its values',
  3: 'its image is made first, since it never ran here',
};

/** What a person is asked, with what the server's image adds to its start. */
export function withImage(request: LeaveRequest, tier: Tier): LeaveRequest {
  const text = imageTexts[tier];
  return text === null ? request : { ...request, why: `${request.why}; ${text}` };
}
