import { ToolError } from '../shared/tool';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * The moment that `10m`, `1h30m`, `2d` or an RFC 3339 time means.
 * @throws ToolError for anything else
 */
export function parseSince(text: string, now = Date.now()): Date {
  if (/^(\d+[smhd])+$/.test(text)) {
    const ago = [...text.matchAll(/(\d+)([smhd])/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * unitMs[unit as keyof typeof unitMs],
      0,
    );
    return new Date(Math.max(0, now - ago));
  }
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? new Date(text) : null;
  if (!time || Number.isNaN(time.getTime())) {
    throw new ToolError(
      `since is ${text}, which is neither a duration such as 10m or 1h nor a time such as 2026-01-31T12:00:00Z.`,
    );
  }
  return time;
}
