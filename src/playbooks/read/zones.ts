import type { EvidenceText } from '../../incident/evidence';
import type { Picture } from './picture';

const hostname = /kubernetes\.io\/hostname["']?[=:]\s*["']?([a-z0-9][\w.-]*)/;
const zone = /topology\.kubernetes\.io\/zone["']?[=:]\s*["']?([\w.-]+)/;
const named = /^Name:\s+(\S+)/;

/** Labels of one node stand so close together. */
const reach = 40;

/** Adds in which zone each node is, as its labels say in any form that is printed. */
export function readZones({ lines, source }: EvidenceText, picture: Picture): void {
  let node: { name: string; index: number } | null = null;
  lines.forEach(({ number, text }, index) => {
    if (!text.includes('kubernetes.io/') && !text.startsWith('Name:')) return;
    const name = hostname.exec(text)?.[1] ?? named.exec(text)?.[1];
    if (name) node = { name, index };
    const value = zone.exec(text)?.[1];
    if (!value || !node || index - node.index > reach) return;
    picture.zones.set(node.name, { value, citation: { source, line: number, text } });
  });
}
