import { render } from 'lit-html';
import { post, savedState, saveState, type PageState } from './editorApi';
import { page } from './page';
import type { HistoryLine, MonitorModel, ToPage } from './protocol';
import { defineElements } from './toolkit';

const content = element('content');
const announcements = element('announcements');
let state = savedState();
let model: MonitorModel | undefined;

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found;
}

function change(part: Partial<PageState>): void {
  state = { ...state, ...part };
  saveState(state);
  draw();
}

function draw(): void {
  if (!model) return;
  render(
    page(model, state, {
      send: post,
      select: (selected) => change({ selected }),
      showWholeHistory: (wholeHistory) => change({ wholeHistory }),
    }),
    content,
  );
}

/** Says what is new in the history to a screen reader, once. */
function announce(before: readonly HistoryLine[], now: readonly HistoryLine[]): void {
  const known = new Set(before.map(({ key }) => key));
  const fresh = now.filter(({ key }) => !known.has(key)).reverse();
  if (fresh.length === 0) return;
  announcements.textContent = fresh
    .map(({ name, kindText, why }) => [`${name} ${kindText}`, why].filter(Boolean).join(', '))
    .join('. ');
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  if (data.type !== 'model') return;
  const before = model;
  model = data.model;
  document.documentElement.lang = model.language;
  draw();
  if (before) announce(before.history, model.history);
  // What was scrolled to is there again only once the page has its height.
  else window.scrollTo({ top: state.scroll });
});

window.addEventListener('scroll', () => {
  if (!model) return;
  state = { ...state, scroll: window.scrollY };
  saveState(state);
});

defineElements();
post({ type: 'ready' });
