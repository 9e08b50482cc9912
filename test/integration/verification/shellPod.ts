/**
 * A pod, as a manifest, that runs a shell script.
 * @param port once it listens there, the pod is ready; `more` stands in the pod's `spec`
 */
export function shellPod(
  name: string,
  script: string,
  { port, more = '' }: { port?: string; more?: string } = {},
): string {
  const probe = `      readinessProbe:
        periodSeconds: 1
        tcpSocket:
          port: ${port}
`;
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  terminationGracePeriodSeconds: 0
${more}  containers:
    - name: ${name}
      image: test/busybox:1
      imagePullPolicy: IfNotPresent
${port === undefined ? '' : probe}      command:
        - sh
        - -c
        - |
${script
  .trim()
  .split('\n')
  .map((line) => `          ${line}\n`)
  .join('')}`;
}
