import { homedir } from 'node:os';

import { tagged } from './base/log';
import type { Planner } from './diagnosis/ports';
import type { Host } from './host';
import type { ImageTags } from './remediation/imageTags';
import type { FileHistory } from './remediation/surroundings';

/**
 * The planner, loaded at its first plan; what it asks of a person's settings is asked at each.
 * @param history the earlier texts of files
 */
export function lazyPlanner(host: Host, history: FileHistory): Planner {
  return {
    plan: async (request, signal) => {
      const { createPlanner } = await import('./remediation/planner');
      const remembered = () => host.settings().valuesFiles;
      const tags = host.settings().askImageRegistry ? imageTags(host) : undefined;
      return await createPlanner({ clock: host.clock, history, remembered, tags }).plan(
        request,
        signal,
      );
    },
  };
}

/** Registries of images, with the logins of the person's docker settings; loaded at its first question. */
function imageTags(host: Host): ImageTags {
  return {
    tagsOf: async (...asked) => {
      const { tagLists } = await import('./imageRegistry/tagLists');
      const log = tagged(host.log, 'image registry');
      const environment = host.environment();
      return await tagLists({ environment, home: homedir(), log }).tagsOf(...asked);
    },
  };
}
