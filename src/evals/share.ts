/** `84.8% (67/79, 95%: 75.3 to 91.1)`: a share with the Wilson interval of its confidence. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0) return 'none';
  const { low, high } = wilson(part, whole);
  const bare = (share: number): string => (100 * share).toFixed(1);
  return `${percentOf(part / whole)} (${part}/${whole}, 95%: ${bare(low)} to ${bare(high)})`;
}

/** `84.8%` of 0.848. */
export function percentOf(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** The Wilson score interval at 95%, which also holds for few cases and for shares near 0 and 1. */
export function wilson(part: number, whole: number): { low: number; high: number } {
  const z = 1.96;
  const share = part / whole;
  const middle = share + (z * z) / (2 * whole);
  const reach = z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  return {
    low: Math.max(0, (middle - reach) / scale),
    high: Math.min(1, (middle + reach) / scale),
  };
}
