const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Bytes, or cores, of a Kubernetes quantity or of what `docker stats` prints; null when it is none. */
export function parseAmount(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]{0,3})$/.exec(text.trim());
  const factor = match ? factors[match[2] ?? ''] : undefined;
  return match && factor !== undefined ? Number(match[1]) * factor : null;
}

/** Seconds of kubectl's ages: `45s`, `3m12s`, `5h`, `2d3h`; null for `<unknown>` and the like. */
export function parseAge(text: string): number | null {
  const match = /^(?:(\d+)y)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text.trim());
  if (!match || match[0] === '') return null;
  const [years, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    (years ?? 0) * 31_536_000 +
    (days ?? 0) * 86_400 +
    (hours ?? 0) * 3600 +
    (minutes ?? 0) * 60 +
    (seconds ?? 0)
  );
}

/** As exactly as shares and confidences are told: 0.934 is 0.93. */
export function hundredths(share: number): number {
  return Math.round(share * 100) / 100;
}
