import type { Citation, EvidenceText } from '../../incident/evidence';

/** A value of printed YAML or JSON with the line that it stands on. */
export interface Node {
  value: string | null;
  citation: Citation;
  children: Map<string, Node>;
  items: Node[];
}

/** The node under a chain of keys; undefined where one is missing. */
export function at(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce<Node | undefined>((inner, key) => inner?.children.get(key), node);
}

/** What a plain node says; null for none. */
export function textAt(node: Node | undefined, ...keys: readonly string[]): string | null {
  return at(node, ...keys)?.value ?? null;
}

function newNode(citation: Citation): Node {
  return { value: null, citation, children: new Map(), items: [] };
}

interface Open {
  indent: number;
  node: Node;
  /** An item of a list: keys at a deeper indent belong to it. */
  item: boolean;
}

/**
 * Reads the block style YAML that `kubectl -o yaml` prints, line by line, so that a cut or a wrapped
 * text costs no more than its own value. Returns the documents' roots and the index of the first
 * line that is not part of it.
 */
export function readYaml(text: EvidenceText, from: number): { roots: Node[]; end: number } {
  const roots: Node[] = [];
  let open: Open[] = [];
  let scalar: { node: Node; indent: number } | null = null;
  let index = from;
  for (; index < text.lines.length; index++) {
    const line = text.lines[index];
    if (!line) break;
    const content = line.text.trimEnd();
    if (content.trim() === '' || content.trim().startsWith('#')) continue;
    const citation = { source: text.source, line: line.number, text: line.text };
    if (content === '---') {
      open = [];
      scalar = null;
      continue;
    }
    const indent = content.length - content.trimStart().length;
    const entry = /^\s*((?:- )*)(?:"?([\w./$:@-]+?)"?:(?:\s+(\S.*)?)?|(\S.*)?)$/.exec(content);
    const dashes = entry?.[1]?.length ?? 0;
    const key = entry?.[2];
    if (scalar && indent > scalar.indent && (dashes === 0 || scalar.node.value === '')) {
      scalar.node.value = `${scalar.node.value ?? ''} ${content.trim()}`.trim();
      if (scalar.node.value.length < 2000) scalar.node.citation = pick(scalar.node, citation);
      continue;
    }
    if (!key && dashes === 0) break;
    if (indent === 0 && dashes === 0 && open.length === 0) {
      const root = newNode(citation);
      roots.push(root);
      open = [{ indent: -1, node: root, item: false }];
    }
    scalar = null;
    const itemAt = (offset: number): void => {
      while (
        open.length > 1 &&
        (open.at(-1)?.indent ?? -1) >= offset + (open.at(-1)?.item ? 0 : 1)
      ) {
        open.pop();
      }
      const parent = open.at(-1);
      if (!parent) return;
      const item = newNode(citation);
      parent.node.items.push(item);
      open.push({ indent: offset, node: item, item: true });
    };
    for (let dash = 0; dash < dashes; dash += 2) itemAt(indent + dash);
    const raw = key ? (entry[3] ?? '') : (entry?.[4] ?? '');
    const keyIndent = indent + dashes;
    if (!key) {
      const item = open.at(-1)?.node;
      if (!item) continue;
      item.value = blockHead.test(raw) ? '' : unquote(raw);
      scalar = { node: item, indent: keyIndent - 2 };
      continue;
    }
    while (open.length > 1 && (open.at(-1)?.indent ?? -1) >= keyIndent) open.pop();
    const parent = open.at(-1);
    if (!parent) break;
    const node = newNode(citation);
    parent.node.children.set(key, node);
    const block = blockHead.test(raw);
    if (raw !== '' && raw !== '{}' && raw !== '[]') node.value = block ? '' : unquote(raw);
    if (node.value === null) open.push({ indent: keyIndent, node, item: false });
    else scalar = { node, indent: keyIndent };
  }
  return { roots, end: index };
}

/** What stands in place of a value that follows as a block of lines. */
const blockHead = /^[|>][+-]?\d*$/;

/** A wrapped or block value is cited by its first line that has text. */
function pick(node: Node, line: Citation): Citation {
  return /[|>][+-]?\s*$/.test(node.citation.text) ? line : node.citation;
}

function unquote(raw: string): string {
  const text = raw.trim();
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) {
    return text.slice(1, -1).replace(/\\(.)/g, '$1');
  }
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'")) {
    return text.slice(1, -1).replaceAll("''", "'");
  }
  return text;
}

/** Of a line without the blanks around it. */
const jsonEntry = /^(?:"((?:[^"\\]|\\.)*)"\s*:\s*)?(\S.*?)?,?$/;

/**
 * Reads indented JSON (`docker inspect`, `kubectl -o json`) line by line, and a whole document that
 * stands on one line. Returns the root and the index of the line behind it.
 */
export function readJson(text: EvidenceText, from: number): { root: Node | null; end: number } {
  const first = text.lines[from];
  if (!first) return { root: null, end: from };
  const citationOf = (index: number): Citation => {
    const line = text.lines[index] ?? first;
    return { source: text.source, line: line.number, text: line.text };
  };
  if (first.text.trim().length > 2) {
    return { root: parseWhole(first.text, citationOf(from)), end: from + 1 };
  }
  const root = newNode(citationOf(from));
  const open: Node[] = [root];
  for (let index = from + 1; index < text.lines.length; index++) {
    const parent = open.at(-1);
    if (!parent) return { root, end: index };
    const match = jsonEntry.exec((text.lines[index]?.text ?? '').trim());
    const value = match?.[2] ?? '';
    if (/^[}\]]+$/.test(value)) {
      open.pop();
      continue;
    }
    if (value === '' && !match?.[1]) continue;
    const node = newNode(citationOf(index));
    if (match?.[1] === undefined) parent.items.push(node);
    else parent.children.set(match[1], node);
    if (value === '{' || value === '[') open.push(node);
    else if (value !== '{}' && value !== '[]' && value !== 'null') node.value = plain(value);
  }
  return { root, end: text.lines.length };
}

function plain(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1);
  }
}

function parseWhole(json: string, citation: Citation): Node | null {
  try {
    return fromValue(JSON.parse(json), citation);
  } catch {
    return null;
  }
}

function fromValue(value: unknown, citation: Citation): Node {
  const node = newNode(citation);
  if (Array.isArray(value)) node.items = value.map((item) => fromValue(item, citation));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      node.children.set(key, fromValue(inner, citation));
    }
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    node.value = String(value);
  }
  return node;
}
