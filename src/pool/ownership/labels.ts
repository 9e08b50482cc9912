/** Labels of our containers. Nothing without the owner label is ever touched. */
export const labels = {
  /** Who removes it: {@link ownerText}. */
  owner: 'war-room.owner',
  /** Name of the machine that the owner runs on, for people to read. */
  host: 'war-room.host',
  /** The server's name in the catalogue. */
  server: 'war-room.server',
  /** When it was made, ISO 8601. */
  started: 'war-room.started',
  /** Hash of all that decides whether a server may be reused. */
  config: 'war-room.config',
  /** What a person should know of its image, where there is something. */
  notice: 'war-room.notice',
} as const;
