import { html, nothing, svg } from 'lit-html';
import type { Meter } from './protocol';

/** A bar of used memory; `label` says of what. */
export function meterBar(label: string, { text, share, threshold, isOver, ...texts }: Meter) {
  const percent = Math.min(100, share * 100);
  const mark = threshold === null ? nothing : thresholdMark(threshold * 100);
  const words = [text, texts.percentText, texts.thresholdText].filter(Boolean).join(', ');
  return html`<div
    class=${isOver ? 'meter over' : 'meter'}
    role="meter"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(percent)}
    aria-valuetext=${words}
  >
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="whole" width="100" height="6"></rect>
      <rect class="used" width=${percent} height="6"></rect>
      ${mark}
    </svg>
  </div>`;
}

function thresholdMark(at: number) {
  return svg`<line class="threshold" x1=${at} x2=${at} y1="0" y2="6"></line>`;
}

/**
 * Shares over the last samples, newest at the right. Its scale ends at 1, or above what exceeds it.
 * @param threshold a dashed line at this share
 */
export function trailChart(label: string, shares: readonly number[], threshold: number | null) {
  const top = Math.max(1, ...shares) * 1.02;
  const y = (share: number) => 40 - (share / top) * 40;
  const points = shares.length === 1 ? [...shares, ...shares] : shares;
  const step = 100 / Math.max(1, points.length - 1);
  const path = points.map((share, index) => `${round(index * step)} ${round(y(share))}`).join('L');
  return html`<svg
    class="trail"
    viewBox="0 0 100 40"
    preserveAspectRatio="none"
    role="img"
    aria-label=${label}
  >
    ${
      path &&
      svg`<path class="area" d=${`M0 40L${path}L100 40Z`}></path>
      <path class="curve" d=${`M${path}`}></path>`
    }
    ${
      threshold === null
        ? nothing
        : svg`<line class="threshold" x1="0" x2="100" y1=${y(threshold)} y2=${y(threshold)}></line>`
    }
  </svg>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
