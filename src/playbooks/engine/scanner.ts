/**
 * Finds which of many literals occur in a text, in one pass and whatever their number
 * (Aho-Corasick as a table of transitions). ASCII, ignoring case.
 */
export class LiteralScanner {
  private readonly transitions: Int32Array;
  private readonly outputs: readonly (readonly number[])[];

  /** @param literals lower case; the index in this list names the literal in answers */
  constructor(literals: readonly string[]) {
    const tries: Map<number, number>[] = [new Map<number, number>()];
    const outputs: number[][] = [[]];
    literals.forEach((literal, index) => {
      let state = 0;
      for (let at = 0; at < literal.length; at++) {
        const code = literal.charCodeAt(at) & asciiMask;
        let following = tries[state]?.get(code);
        if (following === undefined) {
          following = tries.length;
          tries[state]?.set(code, following);
          tries.push(new Map<number, number>());
          outputs.push([]);
        }
        state = following;
      }
      outputs[state]?.push(index);
    });
    this.transitions = complete(tries, outputs);
    this.outputs = outputs;
  }

  /** Calls `found` with each literal that occurs and the position of its last character. */
  scan(text: string, found: (literal: number, end: number) => void): void {
    const { transitions, outputs } = this;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      state = code > asciiMask ? 0 : (transitions[state * width + (folded[code] ?? 0)] ?? 0);
      const output = outputs[state];
      if (output && output.length > 0) for (const literal of output) found(literal, at);
    }
  }
}

const asciiMask = 127;
const width = 128;

const folded = Uint8Array.from({ length: width }, (_, code) =>
  code >= 65 && code <= 90 ? code + 32 : code,
);

/** Fills in where each state goes on every character, breadth first over the failure links. */
function complete(tries: readonly Map<number, number>[], outputs: number[][]): Int32Array {
  const transitions = new Int32Array(tries.length * width);
  const fallback = new Int32Array(tries.length);
  const queue: number[] = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const back = fallback[state] ?? 0;
    outputs[state]?.push(...(state === 0 ? [] : (outputs[back] ?? [])));
    for (let code = 0; code < width; code++) {
      const child = tries[state]?.get(code);
      const viaBack = state === 0 ? 0 : (transitions[back * width + code] ?? 0);
      if (child === undefined) {
        transitions[state * width + code] = viaBack;
      } else {
        transitions[state * width + code] = child;
        fallback[child] = viaBack;
        queue.push(child);
      }
    }
  }
  return transitions;
}
