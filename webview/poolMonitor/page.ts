import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { meterBar, trailChart } from './charts';
import type { PageState } from './editorApi';
import {
  actionIcon,
  eventIcon,
  expandIcon,
  failedIcon,
  readyIcon,
  stateIcon,
  unknownIcon,
  warningIcon,
} from './icons';
import type {
  FailedCard,
  FromPage,
  HistoryLine,
  Labels,
  Meter,
  MonitorModel,
  ServerAction,
  ServerCard,
} from './protocol';

/** What can be pressed on the page. */
export interface Handlers {
  send: (message: FromPage) => void;
  select: (server: string | null) => void;
  showWholeHistory: (whole: boolean) => void;
}

const shortHistory = 5;

/** The whole page as a template; drawing it again touches only what has changed. */
export function page(model: MonitorModel, state: PageState, handlers: Handlers) {
  return html`
    ${model.pressure === null ? nothing : pressureBanner(model.pressure)} ${memorySection(model)}
    ${serverSection(model, state, handlers)}
    ${model.failed.length > 0 ? failedSection(model) : nothing}
    ${historySection(model, state.wholeHistory, handlers)} ${engineSection(model, handlers)}
  `;
}

function pressureBanner(text: string) {
  return html`<p class="pressure">${warningIcon()}<span>${text}</span></p>`;
}

function memorySection({ memory, labels }: MonitorModel) {
  if (!memory) return nothing;
  const { ours, machine, trail, sample } = memory;
  return html`<section class="memory" aria-label=${labels.memory}>
    <div class="share">
      ${amount(labels.memory, ours)} ${meterBar(labels.memory, ours)}
      ${trailChart(labels.trail, trail, ours.threshold)}
    </div>
    <div class="share">
      ${
        machine
          ? html`${amount(labels.machine, machine)} ${meterBar(labels.machine, machine)}`
          : html`<h2>${labels.machine}</h2>
              <p class="quiet">${labels.machineUnknown}</p>`
      }
      <p class="sample quiet">${sample}</p>
    </div>
  </section>`;
}

function amount(label: string, { text, percentText, thresholdText, isOver }: Meter) {
  return html`<h2>${label}</h2>
    <p class="amount">
      <span class=${isOver ? 'number over' : 'number'}>${percentText}</span>
      <span class="quiet">${text}</span>
      <span class="threshold-text quiet">${thresholdText}</span>
    </p>`;
}

function serverSection(model: MonitorModel, state: PageState, handlers: Handlers) {
  const { labels, servers, headline } = model;
  return html`<section aria-label=${labels.servers}>
    <h2>${labels.servers}<span class="count">${headline}</span></h2>
    ${
      servers.length === 0
        ? html`<p class="quiet">${labels.noServers}</p>`
        : html`<ul class="servers">
            ${repeat(
              servers,
              ({ id }) => id,
              (server) => serverCard(server, labels, server.id === state.selected, handlers),
            )}
          </ul>`
    }
  </section>`;
}

function serverCard(server: ServerCard, labels: Labels, open: boolean, handlers: Handlers) {
  const { id, name, state, memory, trail, holders } = server;
  const menu = {
    webviewSection: 'server',
    serverId: id,
    serverPinned: server.pinned,
    preventDefaultContextMenuItems: true,
  };
  return html`<li
    class=${`server ${state}${open ? ' open' : ''}`}
    data-server=${id}
    data-vscode-context=${JSON.stringify(menu)}
  >
    <button
      class="head"
      type="button"
      aria-expanded=${open}
      @click=${() => handlers.select(open ? null : id)}
    >
      <span class="twistie">${expandIcon()}</span>
      <span class="mark">${stateIcon(state)}</span>
      <span class="title">
        <span class="name">${name}</span>
        <span class="state">${server.stateText}</span>
        ${server.pinned ? html`<span class="pinned">${server.pinnedText}</span>` : nothing}
      </span>
    </button>
    <div class="actions" role="group" aria-label=${name}>
      ${actionsOf(server).map((action) => actionButton(action, server, labels, handlers))}
    </div>
    ${
      server.facts.length > 0
        ? html`<p class="facts quiet">${server.facts.join(' · ')}</p>`
        : nothing
    }
    ${memory ? serverMemory(name, memory, trail, labels) : nothing}
    ${holders.map((holder) => holderLine(holder, handlers))} ${open ? details(server) : nothing}
  </li>`;
}

/** What can be done with a server in its state. */
function actionsOf({ state, pinned }: ServerCard): ServerAction[] {
  const look: ServerAction[] = ['log', 'inspect'];
  return state === 'stopping' ? look : [pinned ? 'unpin' : 'pin', 'restart', 'stop', ...look];
}

function actionButton(
  action: ServerAction,
  { id, name }: ServerCard,
  labels: Labels,
  { send }: Handlers,
) {
  const label = labels.actions[action];
  return html`<vscode-button
    appearance="icon"
    title=${label}
    aria-label=${`${label}: ${name}`}
    @click=${() => send({ type: 'act', action, server: id })}
    >${actionIcon(action)}</vscode-button
  >`;
}

function serverMemory(name: string, memory: Meter, trail: readonly number[], labels: Labels) {
  return html`<div class="usage">
    ${meterBar(`${name}, ${labels.memory}`, memory)}
    <span class="text quiet">${memory.text}</span>
    ${trail.length > 1 ? trailChart(labels.trail, trail, null) : nothing}
  </div>`;
}

function holderLine({ text, incident }: ServerCard['holders'][number], { send }: Handlers) {
  return incident === null
    ? html`<p class="holder">${text}</p>`
    : html`<p class="holder">
        <button type="button" class="link" @click=${() => send({ type: 'openIncident', incident })}>
          ${text}
        </button>
      </p>`;
}

function details({ details: facts }: ServerCard) {
  return html`<dl class="details">
    ${facts.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function failedSection({ labels, failed, language }: MonitorModel) {
  return html`<section class="failed" aria-label=${labels.failed}>
    <h2>${labels.failed}</h2>
    <ul>
      ${failed.map((card) => failedCard(card, language))}
    </ul>
  </section>`;
}

function failedCard({ name, at, message }: FailedCard, language: string) {
  const [sentence, ...lines] = message.split('\n');
  return html`<li>
    <p>
      ${failedIcon()}<span class="name">${name}</span>
      ${timeOfDay(at, language)}
    </p>
    <p>${sentence}</p>
    ${lines.length > 0 ? html`<pre tabindex="0">${lines.join('\n')}</pre>` : nothing}
  </li>`;
}

function historySection(model: MonitorModel, whole: boolean, handlers: Handlers) {
  const { labels, history, language } = model;
  const shown = whole ? history : history.slice(0, shortHistory);
  return html`<section class="history" aria-label=${labels.history}>
    <h2>${labels.history}</h2>
    ${history.length === 0 ? html`<p class="quiet">${labels.noHistory}</p>` : nothing}
    <ol>
      ${repeat(
        shown,
        ({ key }) => key,
        (line) => historyLine(line, language),
      )}
    </ol>
    ${
      history.length > shortHistory
        ? html`<button
            type="button"
            class="link more"
            aria-expanded=${whole}
            @click=${() => handlers.showWholeHistory(!whole)}
          >
            ${whole ? labels.showFewer : `${labels.showAll} (${history.length})`}
          </button>`
        : nothing
    }
  </section>`;
}

function historyLine({ at, kind, name, kindText, why }: HistoryLine, language: string) {
  return html`<li class=${kind}>
    ${timeOfDay(at, language)}
    <span class="event">
      ${eventIcon(kind)}${name ? html`<span class="name">${name}</span> ` : nothing}${kindText}
    </span>
    <span class="why quiet">${why}</span>
  </li>`;
}

function engineSection({ engine, labels }: MonitorModel, { send }: Handlers) {
  if (!engine.text) return nothing;
  const icon = { ready: readyIcon, unavailable: warningIcon, unknown: unknownIcon }[engine.state];
  return html`<section class=${`engine ${engine.state}`} aria-label=${labels.engine}>
    <h2>${labels.engine}</h2>
    <p>${icon()}<span>${engine.text}</span></p>
    ${engine.images === null ? nothing : html`<p class="images quiet">${engine.images}</p>`}
    ${
      engine.state === 'unavailable'
        ? html`<vscode-button appearance="secondary" @click=${() => send({ type: 'openSettings' })}
            >${labels.settings}</vscode-button
          >`
        : nothing
    }
  </section>`;
}

function timeOfDay(at: string, language: string) {
  const moment = new Date(at);
  return html`<time
    class="quiet"
    datetime=${at}
    title=${moment.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' })}
    >${moment.toLocaleTimeString(language, { timeStyle: 'short' })}</time
  >`;
}
