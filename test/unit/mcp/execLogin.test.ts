import { KubeConfig } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { logIn } from '../../../src/mcp/kubernetes/execLogin';

const never = new AbortController().signal;

/** A kubeconfig whose user signs in with what Node runs. */
function signingInWith(script: string, more: object = {}): KubeConfig {
  const config = new KubeConfig();
  const exec = { command: process.execPath, args: ['-e', script], ...more };
  config.loadFromOptions({
    clusters: [{ name: 'prod', server: 'https://127.0.0.1:9', skipTLSVerify: true }],
    users: [{ name: 'me', exec }],
    contexts: [{ name: 'prod', cluster: 'prod', user: 'me' }],
    currentContext: 'prod',
  });
  return config;
}

describe('the login program of a kubeconfig', () => {
  it('gives the user its token, and is told the cluster where it wants to be', async () => {
    const script = `
      const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const token = spec.cluster.server + ' ' + spec.interactive + ' ' + process.env.ROLE;
      console.log(JSON.stringify({ kind: 'ExecCredential', status: { token } }));`;
    const env = [{ name: 'ROLE', value: 'viewer' }];
    const config = signingInWith(script, { provideClusterInfo: true, env });
    await logIn(config, 'prod', never);
    expect(config.getCurrentUser()).toMatchObject({ token: 'https://127.0.0.1:9 false viewer' });
    expect(config.getCurrentUser()?.exec).toBeUndefined();
  });

  it.each([
    [
      'fails',
      'console.error("token expired:\\n sign in"); process.exit(1)',
      {},
      /failed \(token expired: sign in\): sign in with it/,
    ],
    ['hangs', 'setInterval(() => 0, 1000)', {}, /did not end within 0\.3 s and was stopped/],
    ['answers something else', 'console.log("hello")', {}, /answered no ExecCredential/],
    [
      'is not there',
      '',
      { command: 'no-such-login-program', installHint: 'See the wiki.' },
      /was not found: install it, or put it on PATH\. See the wiki\./,
    ],
    [
      'needs a terminal',
      '',
      { interactiveMode: 'Always' },
      /needs a terminal: sign in there first/,
    ],
  ])('that %s is told in one sentence', async (how, script, more, sentence) => {
    const deadlineMs = how === 'hangs' ? 300 : 15_000;
    const login = logIn(signingInWith(script, more), 'prod', never, deadlineMs);
    await expect(login).rejects.toThrow(sentence);
    await expect(login).rejects.not.toThrow(/\n/);
  });
});
