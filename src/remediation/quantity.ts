import { WarRoomError } from '../base/errors';

/** An amount in Kubernetes' grammar, with the suffix that it was written with. */
export interface Quantity {
  /** In billionths of a byte or a core, rounded up as Kubernetes does. */
  nano: bigint;
  /** `Mi`, `G`, `m` …, empty for a plain number; an exponent such as `e3` stands as written. */
  suffix: string;
}

const nanoPerOne = 1_000_000_000n;

/** Suffixes from the largest down, each family by itself. Case counts: `m` is a thousandth, `M` a million. */
const binary = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;
const decimal = ['E', 'P', 'T', 'G', 'M', 'k', ''] as const;
const small: Readonly<Record<string, bigint>> = { n: 1n, u: 1_000n, m: 1_000_000n };

export const mebi = 1n << 20n;

/**
 * Reads a quantity such as `512Mi`, `0.5`, `250m`, `1e3`.
 * @returns undefined where Kubernetes would refuse it, for example `512MB` or `1K`
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)([A-Za-z]{0,2}|[eE][+-]?\d{1,3})$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', digits = '', suffix = ''] = match;
  const unit = unitOf(suffix);
  if (!unit) return undefined;
  const [whole = '', fraction = ''] = digits.split('.');
  const numerator = BigInt(whole + fraction) * unit.numerator;
  const denominator = 10n ** BigInt(fraction.length) * unit.denominator;
  const nano = divideUp(numerator, denominator);
  return { nano: sign === '-' ? -nano : nano, suffix };
}

/** Nano units in one of the suffix, as a fraction. */
function unitOf(suffix: string): { numerator: bigint; denominator: bigint } | undefined {
  const whole = (numerator: bigint) => ({ numerator, denominator: 1n });
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix);
  if (exponent) {
    const power = Number(exponent[1]);
    if (Math.abs(power) > 30) return undefined;
    return power < 0
      ? { numerator: nanoPerOne, denominator: 10n ** BigInt(-power) }
      : whole(nanoPerOne * 10n ** BigInt(power));
  }
  const thousandth = Object.hasOwn(small, suffix) ? small[suffix] : undefined;
  if (thousandth) return whole(thousandth);
  const size = sizeOf(suffix);
  return size ? whole(nanoPerOne * size) : undefined;
}

/** Bytes (or cores) in one of a binary or large decimal suffix. */
function sizeOf(suffix: string): bigint | undefined {
  const inBinary = (binary as readonly string[]).indexOf(suffix);
  if (inBinary >= 0) return 1n << (10n * BigInt(binary.length - inBinary));
  const inDecimal = (decimal as readonly string[]).indexOf(suffix);
  if (inDecimal >= 0) return 1000n ** BigInt(decimal.length - 1 - inDecimal);
  return undefined;
}

/** True if both are quantities and the same amount: `1Gi` and `1024Mi`. */
export function sameQuantity(one: string, other: string): boolean {
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  return a !== undefined && b !== undefined && a.nano === b.nano;
}

/**
 * Bytes of a memory quantity, rounded up.
 * @throws code `values-unparsable` for what is no quantity, or is less than a mebibyte (`400m` is
 *   0.4 byte): no container starts with that, so it is a slip of the pen
 */
export function parseMemory(text: string): { bytes: bigint; suffix: string } {
  const quantity = parseQuantity(text);
  if (!quantity) {
    throw new WarRoomError(
      'values-unparsable',
      `"${text}" is not a Kubernetes quantity, so it was left as it is; write for example 512Mi or 1Gi.`,
    );
  }
  if (quantity.nano < mebi * nanoPerOne) {
    const bytes = quantity.suffix === 'm' ? ` (the suffix m is a thousandth of a byte)` : '';
    throw new WarRoomError(
      'values-unparsable',
      `The memory value "${text}" is ${decimalText(quantity.nano)} bytes${bytes}, so it was left as it is; write for example 400Mi.`,
    );
  }
  return { bytes: divideUp(quantity.nano, nanoPerOne), suffix: quantity.suffix };
}

/**
 * Writes bytes with the given suffix where they are whole in it, else with the next smaller one of
 * its family (1.5Gi → 1536Mi). With a decimal suffix the amount is rounded up to a million bytes.
 */
export function formatMemory(bytes: bigint, suffix: string): string {
  const family: readonly string[] = suffix.endsWith('i') ? binary : decimal;
  if (!family.includes(suffix)) return String(bytes);
  const amount = family === decimal && suffix !== '' ? roundUp(bytes, 1_000_000n) : bytes;
  for (const candidate of family.slice(family.indexOf(suffix))) {
    const size = sizeOf(candidate) ?? 1n;
    if (amount % size === 0n) return `${amount / size}${candidate}`;
  }
  return String(bytes);
}

/** Thousandths of a core, rounded up; undefined for what is no quantity or not above zero. */
export function parseCpu(text: string): { millis: bigint; suffix: string } | undefined {
  const quantity = parseQuantity(text);
  if (!quantity || quantity.nano <= 0n) return undefined;
  return { millis: divideUp(quantity.nano, 1_000_000n), suffix: quantity.suffix };
}

/** Writes thousandths of a core as `1500m` where the file does, else as cores (`1.5`). */
export function formatCpu(millis: bigint, suffix: string): string {
  return suffix === 'm' ? `${millis}m` : decimalText(millis * 1_000_000n);
}

/** The smallest multiple of `step` that is not below `amount`. */
export function roundUp(amount: bigint, step: bigint): bigint {
  return divideUp(amount, step) * step;
}

/** Whole division, rounded up; both above zero. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

function decimalText(nano: bigint): string {
  const whole = nano / nanoPerOne;
  const fraction = (nano % nanoPerOne).toString().padStart(9, '0').replace(/0+$/, '');
  return fraction ? `${whole}.${fraction}` : String(whole);
}
