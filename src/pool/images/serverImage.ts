import type { ServerSpec } from '../serverSpec';

/** Where the images of servers come from. */
export interface ServerImages {
  /**
   * The image that a server runs in; built or pulled where it is not there, once however many ask.
   * @param onProgress hears short sentences such as "Fetching the package"
   * @throws code `image-failed` with what to do; `engine-unavailable`
   */
  imageOf(
    spec: ServerSpec,
    signal: AbortSignal,
    onProgress?: (sentence: string) => void,
  ): Promise<ServerImage>;
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
}
