/** One measured number and what it must be. */
export interface Figure {
  name: string;
  value: number;
  target: string;
  ok: boolean;
}

export const atLeast = (name: string, value: number, target: number): Figure => ({
  name,
  value,
  target: `>= ${target}`,
  ok: value >= target,
});

export const atMost = (name: string, value: number, target: number): Figure => ({
  name,
  value,
  target: `<= ${target}`,
  ok: value <= target,
});
