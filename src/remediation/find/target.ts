import type { Facts } from '../../incident/analysis';
import type { Place } from '../../incident/incident';
import { fitOf, sameName } from './names';
import type { NameFit } from './names';

/** What is known of the running object whose values are looked for. */
export interface Target {
  app: string;
  container: string | null;
  namespace: string | null;
  /** Helm's release, as the object's labels and annotations name it. */
  release: string | null;
  /** Argo CD's Application, as its tracking id or label names it. */
  argoApplication: string | null;
  /** Flux' HelmRelease. */
  fluxRelease: string | null;
  /** Name of the chart, without its version. */
  chart: string | null;
}

/** What evidence and place say of the object. */
export function targetOf(app: string, facts: Facts, place: Pick<Place, 'namespace'>): Target {
  return {
    app,
    container: facts.container?.value ?? null,
    namespace: place.namespace ?? facts.namespace?.value ?? null,
    release: facts.helmRelease?.value ?? null,
    argoApplication: facts.argoApplication?.value ?? null,
    fluxRelease: facts.fluxRelease?.value ?? null,
    chart: facts.chart?.value ?? null,
  };
}

/** How well any of the names fits the application. */
export function bestFit(names: readonly (string | null)[], app: string): NameFit {
  const fits = names.map((name) => (name === null || name === '' ? 'none' : fitOf(name, app)));
  if (fits.includes('same')) return 'same';
  return fits.includes('release') ? 'release' : 'none';
}

/** True if a release of that name, and chart, gives its objects the application's name. */
export function isFullName(release: string, chart: string | null, app: string): boolean {
  return sameName(release, app) || (chart !== null && sameName(`${release}-${chart}`, app));
}
