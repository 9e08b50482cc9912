import { systemClock } from '../../src/base/clock';
import { silentLog } from '../../src/base/log';
import { noModels, type Host } from '../../src/host';
import { defaultSettings } from '../../src/settings';

/** What surrounds War Room where nobody has set anything: no folder, no values, no bundles. */
export function testHost(more: Partial<Host> = {}): Host {
  return {
    clock: systemClock,
    log: silentLog,
    bundles: '',
    roots: () => [],
    isTrusted: () => true,
    settings: () => defaultSettings,
    environment: () => ({}),
    credentials: () => Promise.resolve({}),
    models: noModels,
    mcpFiles: () => [],
    language: () => 'en',
    follows: false,
    rememberValuesFile: () => Promise.resolve(),
    writeFile: () => Promise.resolve(),
    isUnsaved: () => false,
    ...more,
  };
}
