import type { Category } from '../../incident/category';
import { layers, type Layer, type Playbook } from '../playbook';
import { playbooks } from '../registry';

const byCategory = new Map<Category, Playbook>(
  playbooks.map((playbook) => [playbook.category, playbook]),
);

export function playbookOf(category: Category): Playbook | undefined {
  return byCategory.get(category);
}

export function layerOf(category: Category): Layer | undefined {
  return byCategory.get(category)?.layer;
}

/** How far from the origin a layer lies; 0 is the deepest. */
export function depth(layer: Layer): number {
  return layers.indexOf(layer);
}
