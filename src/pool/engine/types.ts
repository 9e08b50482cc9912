/** Shapes of the engine's API; the package itself is loaded by `connect.ts` alone. */
export type {
  Container,
  ContainerCreateOptions,
  ContainerInfo,
  ContainerInspectInfo,
  ContainerStats,
  HostConfig,
  ImageInspectInfo,
  Network,
  NetworkInspectInfo,
} from 'dockerode';
