import { execFile } from 'node:child_process';

import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';

import { messageOf } from '../../base/errors';
import { hasCode } from '../../base/privateFiles';
import { ToolError } from '../shared/tool';

/** Longest that a program of the kubeconfig may take to sign in. */
const loginDeadlineMs = 15_000;
const mostErrorLength = 300;

/** What a user of a kubeconfig says under `exec`. */
const execConfig = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  provideClusterInfo: z.boolean().nullish(),
  installHint: z.string().nullish(),
  interactiveMode: z.string().nullish(),
});

const execCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/**
 * Signs the current user in with the program that the kubeconfig names under `exec`, as kubectl
 * does, and puts what it answers in the user's place. The Kubernetes client would run it as well,
 * but waits for one that hangs for ever. Nothing happens where none is named.
 * @throws ToolError with one sentence when the program fails, hangs or answers something else
 */
export async function logIn(
  config: KubeConfig,
  context: string,
  signal: AbortSignal,
  deadlineMs = loginDeadlineMs,
): Promise<void> {
  const user = config.getCurrentUser();
  if (!user?.exec) return;
  const parsed = execConfig.safeParse(user.exec);
  if (!parsed.success) {
    throw new ToolError(`The user ${user.name} of context ${context} names no program to sign in.`);
  }
  const plugin = parsed.data;
  if (plugin.interactiveMode === 'Always') {
    throw new ToolError(
      `The program ${plugin.command} that signs in for context ${context} needs a terminal: sign in there first (kubectl get pods --context ${context}) and ask again.`,
    );
  }
  const output = await run(plugin, context, execInfo(config, plugin), signal, deadlineMs);
  const { status } = credentialIn(output, plugin.command, context);
  const base64 = (text: string | undefined) => text && Buffer.from(text).toString('base64');
  config.users = config.users.map((each) =>
    each.name !== user.name
      ? each
      : {
          name: user.name,
          token: status.token,
          certData: base64(status.clientCertificateData),
          keyData: base64(status.clientKeyData),
        },
  );
}

type Plugin = z.infer<typeof execConfig>;

/** What the program is told in KUBERNETES_EXEC_INFO. */
function execInfo(config: KubeConfig, { apiVersion, provideClusterInfo }: Plugin): string {
  const cluster = config.getCurrentCluster();
  const told = {
    server: cluster?.server,
    'certificate-authority-data': cluster?.caData,
    'insecure-skip-tls-verify': cluster?.skipTLSVerify || undefined,
    'tls-server-name': cluster?.tlsServerName,
  };
  const spec = { interactive: false, ...(provideClusterInfo ? { cluster: told } : {}) };
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
}

async function run(
  { command, args, env, installHint }: Plugin,
  context: string,
  info: string,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<string> {
  const added = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const late = AbortSignal.timeout(deadlineMs);
  try {
    return await outputOf(command, args ?? [], {
      env: { ...process.env, ...added, KUBERNETES_EXEC_INFO: info },
      signal: AbortSignal.any([signal, late]),
    });
  } catch (error) {
    signal.throwIfAborted();
    const who = `The program ${command} that signs in for context ${context}`;
    if (late.aborted) {
      throw new ToolError(
        `${who} did not end within ${deadlineMs / 1000} s and was stopped: sign in with it in a terminal, then ask again.`,
        { cause: error },
      );
    }
    const missing = error instanceof Error && hasCode(error.cause, 'ENOENT');
    const hint = installHint ? ` ${installHint.trim().split('\n')[0]}` : '';
    throw new ToolError(
      missing
        ? `${who} was not found: install it, or put it on PATH.${hint}`
        : `${who} failed (${oneLine(messageOf(error))}): sign in with it in a terminal, then ask again.`,
      { cause: error },
    );
  }
}

/** Standard output of a program; fails with the end of what it wrote to standard error. */
function outputOf(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { maxBuffer: 1024 * 1024, killSignal: 'SIGKILL' as const };
    const child = execFile(command, args, { ...options, ...limits }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else reject(new Error(stderr.trim() || error.message, { cause: error }));
    });
    // What the program started itself may hold the pipes open after it was killed.
    options.signal.addEventListener('abort', () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.stdin?.end();
  });
}

function credentialIn(output: string, command: string, context: string) {
  try {
    return execCredential.parse(JSON.parse(output));
  } catch (error) {
    throw new ToolError(
      `The program ${command} that signs in for context ${context} answered no ExecCredential: check it, and its apiVersion in the kubeconfig.`,
      { cause: error },
    );
  }
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(-mostErrorLength);
}
