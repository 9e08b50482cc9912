/**
 * The address of the next page that a list names in its `Link`.
 * @param at the address of this page
 * @returns undefined at the end; `elsewhere` where there is more and it is not a page of this very list
 */
export function nextPage(link: string | null, at: URL): URL | 'elsewhere' | undefined {
  if (link === null || !/next/i.test(link)) return undefined;
  const [, target = ''] = /<([^<>]+)>[^<>,]*;\s*rel\s*=\s*"?next\b/i.exec(link) ?? [];
  if (target === '' || !URL.canParse(target, at.href)) return 'elsewhere';
  const next = new URL(target, at);
  const isSameList = next.origin === at.origin && next.pathname === at.pathname;
  return isSameList && next.href !== at.href ? next : 'elsewhere';
}
