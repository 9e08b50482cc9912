/** Namespaces, parted by commas, in which nothing is changed; the editor sets it from its settings. */
const variable = 'WAR_ROOM_PROTECTED_NAMESPACES';
/** Where nothing is said: what the cluster itself runs on. */
const usual = 'kube-system';

/** True where a change is refused whoever asks for it. */
export function isProtected(
  namespace: string,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const names = (environment[variable] ?? usual).split(',').map((name) => name.trim());
  return names.includes(namespace);
}
