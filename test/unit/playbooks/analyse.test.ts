import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/playbooks/analyse';
import { evidence } from './evidence';

const described = (state: string): string => `
Name:             checkout-7d9f8c6b5d-x2x9z
Namespace:        shop
Labels:           app=checkout
Node:             node-1/10.0.0.1
Status:           Running
Containers:
  checkout:
    Image:          shop/checkout:1.4
    Port:           8080/TCP
${state}
    Limits:
      memory:  256Mi
    Requests:
      memory:  128Mi
    Liveness:       http-get http://:8080/healthz delay=5s timeout=1s period=10s #success=1 #failure=3
Conditions:
  Type    Status
  Ready   False
Events:
  Type     Reason   Age                 From     Message
  ----     ------   ----                ----     -------
  Warning  BackOff  11s (x9 over 2m1s)  kubelet  Back-off restarting failed container checkout in pod checkout-7d9f8c6b5d-x2x9z_shop(1)`;

const killed = described(`    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  4`);

const failed = described(`    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Error
      Exit Code:    1
    Ready:          False
    Restart Count:  4`);

describe('cause over symptom', () => {
  it('names the kill for memory behind a back-off, with what a fix needs', () => {
    const analysis = analyse([evidence(killed, 'describe.txt')]);
    expect(analysis.category).toBe('oom-killed');
    expect(analysis.facts.memoryLimit?.value).toBe('256Mi');
    expect(analysis.facts.memoryRequest?.value).toBe('128Mi');
    expect(analysis.facts.app?.value).toBe('checkout');
    expect(analysis.facts.namespace?.value).toBe('shop');
    expect(analysis.rootCause?.evidence[0]?.text).toContain('OOMKilled');
  });

  it('names the variable behind a trace, a back-off and an exit code', () => {
    const log =
      "Traceback (most recent call last):\n  File \"/srv/a.py\", line 1, in <module>\n    os.environ['API_KEY']\nKeyError: 'API_KEY'";
    const analysis = analyse([evidence(log), evidence(failed, 'describe.txt')]);
    expect(analysis.category).toBe('missing-env');
    expect(analysis.facts.variable?.value).toBe('API_KEY');
    expect(analysis.facts.app?.value).toBe('checkout');
  });

  it('says crash-loop when the cause is not to be seen', () => {
    expect(analyse([evidence(failed)]).category).toBe('crash-loop');
  });

  it('blames the known peer and says how it failed', () => {
    const analysis = analyse([evidence('Error: getaddrinfo ENOTFOUND redis-master.shop.svc')]);
    expect(analysis.category).toBe('cache-unavailable');
    expect(analysis.rootCause?.mechanism).toBe('dns-failure');
  });

  it('finds the library that failed in the lines of the same trace', () => {
    const log =
      'ERROR job failed\njava.net.ConnectException: Connection refused\n\tat org.postgresql.core.PGStream.<init>(PGStream.java:1)';
    expect(analyse([evidence(log)]).category).toBe('database-unavailable');
  });

  it('looks past the proxy to the program that ends', () => {
    const log = [
      'gateway  | dial tcp 10.0.0.2:9000: connect: connection refused',
      'auth     | Traceback (most recent call last):',
      "auth     | KeyError: 'TOKEN_PEPPER'",
    ].join('\n');
    const analysis = analyse([evidence(log)]);
    expect(analysis.category).toBe('missing-env');
    expect(analysis.facts.app?.value).toBe('auth');
  });

  it('does not take exit code 137 for memory', () => {
    const analysis = analyse([evidence('worker exited with exit code 137')]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.missing.length).toBeGreaterThan(0);
  });
});

describe('what is over is no incident', () => {
  it.each([
    ['WARN redis connection lost, retrying', 'INFO redis reconnected', 'INFO GET /cart 200'],
    [
      'WARN attempt 1/3 failed: connect ECONNREFUSED 10.0.0.2:8000',
      'INFO day 1 aggregated',
      'INFO day 2 aggregated',
      'INFO done',
    ],
    ['[handler] connect ECONNREFUSED 127.0.0.1:5999', 'ℹ pass 3', 'ℹ fail 0'],
    ['INFO summary: errors=0 failed: 0 timeouts=0'],
  ])('%s …', (...lines) => {
    expect(analyse([evidence(lines.join('\n'))]).verdict).toBe('no-incident');
  });

  it('lets a probe fail once during a rollout', () => {
    const pods =
      'NAME                        READY   STATUS    RESTARTS   AGE\ncheckout-7d9f8c6b5d-x2x9z   1/1     Running   0          40s';
    const events =
      'LAST SEEN   TYPE      REASON      OBJECT                          MESSAGE\n' +
      '30s         Warning   Unhealthy   pod/checkout-7d9f8c6b5d-x2x9z   Readiness probe failed: dial tcp 10.0.0.2:8080: connect: connection refused';
    const texts = [evidence(events, 'events.txt'), evidence(pods, 'pods.txt')];
    expect(analyse(texts).verdict).toBe('no-incident');
  });
});

describe('what is not known is not guessed', () => {
  it('lists exact commands', () => {
    const analysis = analyse([evidence('ERROR something went wrong\nERROR giving up')]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.category).toBeNull();
    expect(analysis.missing.join('\n')).toContain('kubectl logs');
  });

  it('asks for the log of a service that is offline', () => {
    const stats =
      '{"blog_service":{"service_status":"offline"},"auth":{"service_status":"online"}}';
    const analysis = analyse([evidence(stats, 'mcp:stats/get_system_stats')]);
    expect(analysis.verdict).toBe('insufficient-evidence');
    expect(analysis.questions).toContainEqual(
      expect.objectContaining({ tool: 'get_service_logs', arguments: { service: 'blog_service' } }),
    );
  });
});

it('gives the same answer twice', () => {
  expect(analyse([evidence(killed)])).toEqual(analyse([evidence(killed)]));
});

it('cites lines as they are, also from decoded JSON', () => {
  const line =
    '{"level":50,"name":"cart","err":{"code":"ECONNREFUSED","message":"connect ECONNREFUSED 10.0.0.9:6379"},"msg":"cache failed"}';
  const analysis = analyse([evidence(`{"level":30,"name":"cart","msg":"up"}\n${line}`)]);
  expect(analysis.category).toBe('cache-unavailable');
  expect(analysis.rootCause?.evidence[0]).toEqual({ source: 'app.log', line: 2, text: line });
  expect(analysis.keywords).toContain('redis');
});

describe('What a log says', () => {
  it.each(['$(touch pwned)', '; rm -rf x', '`id`', '--help', "it's"])(
    'never becomes part of a command to copy: %s',
    (name) => {
      const line = (level: string, message: string) =>
        JSON.stringify({ time: '2026-11-21T10:00:00Z', level, service: name, msg: message });
      const { advice, missing, facts } = analyse([
        evidence(
          [
            line('info', 'listening'),
            line('fatal', `required environment variable ${name} is not set`),
            line('fatal', 'required environment variable DB_URL is not set'),
          ].join('\n'),
        ),
      ]);
      const commands = [...(advice?.commands ?? []).map(({ command }) => command), ...missing];
      expect(commands.filter((command) => command.includes(name))).toEqual([]);
      expect(facts.app?.value).not.toBe(name);
    },
  );
});

describe('An undecided answer', () => {
  const described = (name: string, namespace: string) =>
    evidence(
      [
        `Name:         ${name}`,
        `Namespace:    ${namespace}`,
        'API Version:  billing.example.com/v1',
        'Kind:         Tenant',
        'Status:',
        '  Conditions:',
        '    Last Transition Time:  2026-11-20T08:12:44Z',
        '    Message:               the plan of this tenant is not what it was',
        '    Reason:                PlanDiffers',
        '    Status:                False',
        '    Type:                  Ready',
        'Events:                    <none>',
      ].join('\n'),
    );

  it('cites what is not well, and says first how to see more of just that', () => {
    const { verdict, symptoms, missing } = analyse([described('acme', 'tenants')]);
    expect(verdict).toBe('insufficient-evidence');
    expect(symptoms?.map(({ line }) => line)).toEqual([8]);
    expect(missing[0]).toBe('kubectl describe tenant/acme -n tenants');
  });

  it.each([
    ['acme;reboot', 'tenants'],
    ['acme', '$(reboot)'],
  ])('makes no command of the name %s in %s', (name, namespace) => {
    const { verdict, missing } = analyse([described(name, namespace)]);
    expect(verdict).toBe('insufficient-evidence');
    expect(missing.join()).not.toContain('reboot');
  });
});
