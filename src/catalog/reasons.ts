import { categories, type Category } from '../incident/category';

export type Language = 'en' | 'ko';

/** Why a server is ranked where it is. */
export type Reason =
  | { kind: 'words'; words: readonly string[] }
  | { kind: 'category'; category: Category }
  | { kind: 'comes-with-war-room' }
  | { kind: 'official'; publisher: string }
  | { kind: 'started-here'; ok: number; failed: number }
  | { kind: 'never-started-here'; failed: number }
  | { kind: 'recorded'; on: string }
  | { kind: 'released'; on: string }
  | { kind: 'needs-values'; names: readonly string[] }
  | { kind: 'unavailable'; why: string };

type Texts = { [Kind in Reason['kind']]: (reason: Extract<Reason, { kind: Kind }>) => string };

const english: Texts = {
  words: ({ words }) => `matches ${words.join(', ')}`,
  category: ({ category }) => `helps with “${categories[category]}”`,
  'comes-with-war-room': () => 'comes with War Room',
  official: ({ publisher }) => `official, by ${publisher}`,
  'started-here': ({ ok, failed }) =>
    failed > 0 ? `started here ${ok} of ${ok + failed} times` : `started here ${times(ok)}`,
  'never-started-here': ({ failed }) => `did not start here, ${times(failed)}`,
  recorded: ({ on }) => `listed its tools when it was tried on ${on}`,
  released: ({ on }) => `this version is of ${on}`,
  'needs-values': ({ names }) => `needs ${names.join(', ')}`,
  unavailable: ({ why }) => why,
};

const korean: Texts = {
  words: ({ words }) => `${words.join(', ')}와(과) 일치`,
  category: ({ category }) => `“${categories[category]}” 장애에 도움이 됨`,
  'comes-with-war-room': () => 'War Room에 포함됨',
  official: ({ publisher }) => `${publisher}의 공식 서버`,
  'started-here': ({ ok, failed }) =>
    failed > 0 ? `여기서 ${ok + failed}번 중 ${ok}번 시작됨` : `여기서 ${ok}번 시작됨`,
  'never-started-here': ({ failed }) => `여기서 ${failed}번 시작에 실패함`,
  recorded: ({ on }) => `${on} 시험에서 도구 목록을 확인함`,
  released: ({ on }) => `${on}에 나온 버전`,
  'needs-values': ({ names }) => `${names.join(', ')} 값이 필요함`,
  unavailable: ({ why }) => why,
};

/** A reason in words, without a full stop. */
export function reasonText(reason: Reason, language: Language = 'en'): string {
  const texts = language === 'ko' ? korean : english;
  // The table has one function for each kind, which the compiler cannot follow through the index.
  return (texts[reason.kind] as (reason: Reason) => string)(reason);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
