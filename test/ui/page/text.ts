import type { Locator } from 'playwright-core';

/** Matches this text and nothing around it but white space. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** The part of the browser's elements that is read here. */
interface Labelled {
  getAttribute(name: string): string | null;
}

/** What a screen reader says of each, all at one moment: one that goes meanwhile would be waited for. */
export function labelsOf(items: Locator): Promise<string[]> {
  return items.evaluateAll((all: Labelled[]) =>
    all.map((each) => each.getAttribute('aria-label') ?? ''),
  );
}
