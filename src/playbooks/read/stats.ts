import type { Picture } from './picture';
import { textAt, type Node } from './tree';

/** Adds the services of a `/stats` answer that are not online; true when it was such an answer. */
export function addStats(root: Node, picture: Picture): boolean {
  let found = false;
  for (const [name, service] of root.children) {
    const status = textAt(service, 'service_status');
    if (status === null) continue;
    found = true;
    const citation = service.children.get('service_status')?.citation ?? service.citation;
    if (status !== 'online') picture.offline.push({ value: name, citation });
  }
  return found;
}
