import type { FromPage } from './protocol';

/** What the page keeps over being hidden and over a reload of the window. */
export interface PageState {
  /** Server whose card is open. */
  selected: string | null;
  wholeHistory: boolean;
  /** Pixels from the top. */
  scroll: number;
}

interface EditorApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): EditorApi;

// The editor hands it out once in the page's life.
const api = acquireVsCodeApi();

export function post(message: FromPage): void {
  api.postMessage(message);
}

export function savedState(): PageState {
  const initial: PageState = { selected: null, wholeHistory: false, scroll: 0 };
  // Only what this page wrote is ever there, but another version of it may have written it.
  return { ...initial, ...(api.getState() as Partial<PageState> | undefined) };
}

export function saveState(state: PageState): void {
  api.setState(state);
}
