import type { MemoryShare, PoolStatus } from '../../pool/status';
import { durationText, memoryOfText, memoryText, stateText, type Translate } from './texts';

/** The status bar item: its text with codicons, and its tooltip as Markdown. */
export interface StatusItemText {
  text: string;
  /** What a screen reader says. */
  label: string;
  tooltip: string;
  isOver: boolean;
}

export function statusItemText(status: PoolStatus, t: Translate): StatusItemText {
  const { servers, memoryBytes, pressure } = status;
  const memory = memoryBytes === null ? [] : [memoryText(memoryBytes)];
  const icon = pressure.isOver ? '$(warning)' : '$(server)';
  return {
    text: `${icon} ${[String(servers.length), ...memory].join(' · ')}`,
    label: [
      t('War Room Pool'),
      t('{0} of {1} servers', servers.length, status.limit),
      ...memory,
      ...(pressure.isOver ? [t('memory pressure')] : []),
    ].join(', '),
    tooltip: tooltip(status, t),
    isOver: pressure.isOver,
  };
}

function tooltip({ servers, limit, waiting, pressure }: PoolStatus, t: Translate): string {
  const count = t('{0} of {1} servers', servers.length, limit);
  const queue = waiting > 0 ? ` · ${t('{0} waiting', waiting)}` : '';
  return [
    `**${t('War Room Pool')}** · ${count}${queue}`,
    ...(servers.length > 0 ? [serverTable(servers, t)] : []),
    [
      pressureLine(t('Memory of the servers'), pressure.ours, t),
      ...(pressure.machine ? [pressureLine(t('Memory of the machine'), pressure.machine, t)] : []),
      t('Idle servers are stopped from {0}% on.', pressure.thresholdPercent),
    ].join('  \n'),
  ].join('\n\n');
}

function serverTable(servers: PoolStatus['servers'], t: Translate): string {
  const rows = servers.map(({ server, state, pinned, memoryBytes, stopsInMs }) =>
    [
      escapeMarkdown(server),
      `${stateText(state, t)}${pinned ? `, ${t('pinned')}` : ''}`,
      memoryBytes === null ? '' : memoryText(memoryBytes),
      stopsInMs === null ? '' : t('stops in {0}', durationText(stopsInMs, t)),
    ].join(' | '),
  );
  return ['| | | | |', '|:--|:--|--:|:--|', ...rows.map((row) => `| ${row} |`)].join('\n');
}

function pressureLine(
  label: string,
  { usedBytes, totalBytes, percent }: MemoryShare,
  t: Translate,
) {
  return `${label}: ${memoryOfText(usedBytes, totalBytes, t)} (${Math.round(percent)}%)`;
}

/** A server is named by whoever published it: nothing in a name becomes markup. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&@:]/g, '\\$&');
}
