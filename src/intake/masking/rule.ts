/** One kind of secret that stands within a line. */
export interface MaskRule {
  /** Named in the placeholder: `[masked <kind>]`. */
  kind: string;
  /** Lower-case ASCII: at least one occurs, case ignored, in every line that `pattern` matches. */
  hints: readonly string[];
  /**
   * Global. Of a match the group `secret` is masked, which follows the group `before` at once;
   * without groups all of it. Runs are bounded or start where the run starts, so that the time
   * grows only with the length of the line.
   */
  pattern: RegExp;
  /** Looks closer at what matched; without it every match is a secret. */
  accept?: (secret: string, context: MatchContext) => boolean;
}

export interface MatchContext {
  line: string;
  /** What stands right before the secret and after it. */
  before: string;
  after: string;
}

/** A placeholder of another tool or of ours, a variable, or a value that says that there is none. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || value.includes('[masked ');
}

const PLACEHOLDER =
  /^(?:["']{0,2}|[*x.#•-]{2,}|[<[({]{1,2}[^>\])}]{0,80}[>\])}]{0,2}|\$\w{1,80}|\$[{(].{0,80}|%\w{1,20}%?|%[({].{0,80}|(?:null|nil|none|undefined|true|false|yes|no|empty|unset|missing|redacted|masked|hidden|changeme_?placeholder|n\/a)[.,;:!)\]}]*)$/i;

/** Random tokens hold digits and, unless they are hex, letters of both cases. */
export function looksRandom(value: string): boolean {
  return (
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    (/[a-z]/.test(value) === /[A-Z]/.test(value) || /^[0-9a-f]{32,}$/i.test(value))
  );
}
