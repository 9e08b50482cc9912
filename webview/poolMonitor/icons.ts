import { svg, type SVGTemplateResult } from 'lit-html';
import type { HistoryLine, ServerAction, ServerCard } from './protocol';

// 16 by 16, drawn in the colour of the text around them. What they mean always stands in words too.

const frame = (content: SVGTemplateResult) =>
  svg`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${content}</svg>`;

const line = (path: string) => svg`<path class="line" d=${path}></path>`;
const solid = (path: string) => svg`<path class="solid" d=${path}></path>`;

const actions: Readonly<Record<ServerAction, SVGTemplateResult>> = {
  stop: line('M3.5 3.5h9v9h-9z'),
  restart: line('M12.6 5.5A5.2 5.2 0 1 0 13.2 8M13 2.5v3.2H9.8'),
  pin: line('M6 2h4M6.6 2v4.6L4.4 9.5h7.2L9.4 6.6V2M8 9.5V14'),
  unpin: solid('M5.5 1.5h5v1h-.6v3.9l2.4 3.1v1H8.6v3.5h-1.2v-3.5H3.7v-1l2.4-3.1V2.5h-.6z'),
  log: line('M3 4h10M3 7h10M3 10h7M3 13h5'),
  inspect: line(
    'M6 2.5c-2 0-1.5 2-1.5 3.2S3 8 3 8s1.5 1 1.5 2.3-.5 3.2 1.5 3.2M10 2.5c2 0 1.5 2 1.5 3.2S13 8 13 8s-1.5 1-1.5 2.3.5 3.2-1.5 3.2',
  ),
};

const states: Readonly<Record<ServerCard['state'], SVGTemplateResult>> = {
  starting: svg`<circle class="line turning" cx="8" cy="8" r="4.5"></circle>`,
  idle: svg`<circle class="line" cx="8" cy="8" r="4"></circle>`,
  leased: svg`<circle class="solid" cx="8" cy="8" r="4.5"></circle>`,
  stopping: solid('M4.5 4.5h7v7h-7z'),
};

const cross = line('M4.5 4.5l7 7M11.5 4.5l-7 7');
const warning = line('M8 2.5 14 13.5H2zM8 6.5v3.5M8 11.5v.6');

const events: Readonly<Record<HistoryLine['kind'], SVGTemplateResult>> = {
  started: solid('M5 3.5 12 8l-7 4.5z'),
  idle: states.idle,
  reused: actions.restart,
  stopped: states.stopping,
  failed: cross,
  pressure: warning,
};

export const actionIcon = (action: ServerAction) => frame(actions[action]);
export const stateIcon = (state: ServerCard['state']) => frame(states[state]);
export const eventIcon = (kind: HistoryLine['kind']) => frame(events[kind]);
export const failedIcon = () => frame(cross);
export const warningIcon = () => frame(warning);
export const readyIcon = () => frame(line('M3.5 8.5l3 3 6-7'));
export const unknownIcon = () => frame(line('M4 8h8'));
export const expandIcon = () => frame(line('M6 4l4 4-4 4'));
