import type { ContainerInspectInfo } from '../../engine/types';

/** Arguments of a server as it got them and as its spec has them, one for one. */
export interface ShownArgs {
  filled: readonly string[];
  written: readonly string[];
}

/** What an engine knows of a container, without the values of variables, wherever they stand. */
export function shownFacts(
  { Args, Config, ...facts }: ContainerInspectInfo,
  { filled, written }: ShownArgs,
): unknown {
  const shown = new Map(filled.map((arg, index) => [arg, written[index] ?? '***']));
  const show = (arg: string) => shown.get(arg) ?? arg;
  // Podman leaves out what Docker has, and an image may have none.
  const showAll = (words: unknown) => {
    if (typeof words === 'string') return show(words);
    return Array.isArray(words) ? (words as string[]).map(show) : words;
  };
  return {
    ...facts,
    Args: showAll(Args),
    Config: {
      ...Config,
      Cmd: showAll(Config.Cmd),
      Entrypoint: showAll(Config.Entrypoint),
      Env: Config.Env.map((variable) => variable.replace(/=[^]*/, '=***')),
    },
  };
}
