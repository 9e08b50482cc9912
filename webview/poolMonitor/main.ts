import { render } from 'lit-html';
import { post, savedState, saveState, type PageState } from './editorApi';
import { page } from './page';
import type { HistoryLine, MonitorModel, ToPage } from './protocol';
import { defineElements } from './toolkit';

const content = element('content');
const announcements = element('announcements');
let state = savedState();
let model: MonitorModel | undefined;
/** Where the page was scrolled to before; 0 once it is there again, or somewhere else. */
let place = state.scroll;

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
  returnToPlace();
});

/** Waits until the page is high enough. */
function returnToPlace(): void {
  const { scrollHeight } = document.documentElement;
  if (place > 0 && scrollHeight - window.innerHeight >= place) window.scrollTo({ top: place });
}

window.addEventListener('scroll', () => {
  place = 0;
  state = { ...state, scroll: window.scrollY };
  saveState(state);
});

defineElements();
post({ type: 'ready' });
