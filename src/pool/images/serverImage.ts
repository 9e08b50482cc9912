import type { ServerSpec } from '../serverSpec';

/** Where the images of servers come from. */
export interface ServerImages {
  /**
   * The image that a server runs in; built or pulled where it is not there, once however many ask.
   * Building runs the server once, without a network and without any values of the person, to see
   * whether it starts: so this is only called for what the person gave leave to.
   * @param onProgress hears short sentences such as "Fetching the package"
   * @throws code `image-failed` with what to do; `engine-unavailable`, `cancelled`
   */
  imageOf(
    spec: ServerSpec,
    signal: AbortSignal,
    onProgress?: (sentence: string) => void,
  ): Promise<ServerImage>;
  /**
   * A container of `spec` has answered its greeting `startMs` after it was wanted: what is used
   * stays, and what has started is proven. Returns at once and never throws.
   */
  started(spec: ServerSpec, startMs: number): void;
}

/** An image that is on the engine. */
export interface ServerImage {
  /** `sha256:…` */
  id: string;
  /** Program and arguments that start the server; the spec's own arguments follow. */
  command: readonly string[];
  /** Variables that the image needs besides those of the server. */
  environment: Readonly<Record<string, string>>;
  /** True when the image starts the server under the guard that ends it after its input. */
  isGuarded: boolean;
  /** What a person should know of the image, such as a base that is not the one that was set. */
  notice: string | null;
}
