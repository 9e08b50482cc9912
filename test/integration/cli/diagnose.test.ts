import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { need } from '../mcp/prerequisite';
import { Bench, dist, killed, valuesFile } from './command';

const fast = ['--no-pool'];

describe('war-room diagnose --json', () => {
  it('proposes, changes nothing without a yes, and prints one object', async () => {
    await using bench = await Bench.make();
    const before = await bench.untouched();
    const { status, result, stderr } = await bench.json(['diagnose', killed, ...fast]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(result).toMatchObject({
      incident: { category: 'oom-killed', app: 'grafana', status: 'awaiting-approval' },
      outcome: 'proposed',
      commit: null,
      error: null,
      proposal: { kind: 'values-edit', files: [{ path: valuesFile }] },
    });
    expect(await bench.untouched()).toBe(before);
    const lines = (await bench.read(killed)).split('\n');
    expect(result.rootCause?.evidence.length).toBeGreaterThan(0);
    for (const { source, line, text } of result.rootCause?.evidence ?? []) {
      expect(source).toBe(killed);
      expect(text).toBe(lines[line - 1]);
    }
    await bench.write('change.diff', result.proposal?.files[0]?.diff ?? '');
    await bench.git('apply', 'change.diff');
    expect(await bench.read(valuesFile)).toMatch(/memory: 1024Mi {2}# raised/);
  });

  it('ends with 3 for a healthy log and with 4 where the evidence does not decide', async () => {
    await using bench = await Bench.make();
    const healthy = await bench.json(['diagnose', 'logs/healthy.log', ...fast]);
    expect(healthy.status).toBe(3);
    expect(healthy.result).toMatchObject({
      incident: { category: null, severity: null },
      rootCause: null,
      proposal: null,
      outcome: 'no-incident',
      error: null,
    });
    const input = '2026-11-21T10:00:00Z ERROR payments: request timed out after 30s\n';
    const unclear = await bench.json(['diagnose', ...fast], { input });
    expect(unclear.status).toBe(4);
    expect(unclear.result).toMatchObject({ outcome: 'insufficient-evidence', rootCause: null });
    expect(unclear.result.missing.length).toBeGreaterThan(0);
  });

  it('leaves open what nobody but a person knows, and commits nothing then', async () => {
    await using bench = await Bench.make();
    const before = await bench.untouched();
    const log = 'logs/blog-service-missing-env.log';
    const { status, result } = await bench.json(['diagnose', log, '--yes', ...fast]);
    expect(status).toBe(1);
    expect(result).toMatchObject({
      outcome: 'proposed',
      proposal: { files: [{ path: 'helm-values/blog-service/values.yaml' }] },
      commit: null,
      error: { code: 'value-missing' },
    });
    expect(await bench.untouched()).toBe(before);

    const id = result.incident.id ?? '';
    const wrong = await bench.json(['accept', id, '--commit', '--value', 'no.such.key=1']);
    const secret = 'env.3.valueFrom.secretKeyRef';
    expect(wrong.result.error?.message).toContain(`values.yaml:${secret}.name`);
    expect(await bench.untouched()).toBe(before);
    const given = ['--value', `${secret}.name=blog-database`, '--value', `${secret}.key=url`];
    const filled = await bench.json(['accept', id, '--commit', ...given]);
    expect(filled.result).toMatchObject({ outcome: 'committed', error: null });
    expect(await bench.git('show', 'HEAD')).toMatch(/\+ +name: blog-database\n\+ +key: url\n/);
  });

  it('commits with --yes: the scalars and the incident, nothing else', async () => {
    await using bench = await Bench.make();
    await bench.write('notes.txt', 'mine\n');
    const { status, result } = await bench.json(['diagnose', killed, '--yes', ...fast]);
    expect(status).toBe(0);
    expect(result).toMatchObject({ outcome: 'committed', error: null });
    expect(result.incident.status).toBe('awaiting-rollout');
    expect(result.commit).toBe(await bench.git('rev-parse', 'HEAD'));
    const folder = `examples/${result.incident.id ?? ''}`;
    const changed = await bench.git('show', '--name-only', '--format=', 'HEAD');
    expect(changed.split('\n').sort()).toEqual(
      ['change.diff', 'incident.json', 'summary.md']
        .map((name) => `${folder}/${name}`)
        .concat(valuesFile)
        .sort(),
    );
    expect(await bench.git('status', '--porcelain')).toBe('?? notes.txt');
    const trailers = await bench.git('log', '-1', '--format=%(trailers)');
    expect(trailers).toContain(`Incident-Id: ${result.incident.id ?? ''}`);
    expect(trailers).toContain('Approved-By: Sam Oncall <sam@example.com>');
  });

  it('reads a file, several, standard input, "-" and folders of evidence', async () => {
    await using bench = await Bench.make();
    const input = await bench.read(killed);
    const sources = async (...args: string[]) => {
      const { result } = await bench.json(['diagnose', ...args, '--new', ...fast], { input });
      expect(result.incident.category, args.join(' ')).toBe('oom-killed');
      return [...new Set(result.rootCause?.evidence.map(({ source }) => source))];
    };
    expect(await sources()).toEqual(['-']);
    expect(await sources('-')).toEqual(['-']);
    expect(await sources(killed, 'logs/healthy.log')).toContain(killed);
    await bench.write('evidence/describe.txt', input);
    await bench.write('evidence/deep/.hidden', 'not read');
    expect(await sources('--evidence', 'evidence')).toEqual(['evidence/describe.txt']);
    expect(await sources('logs/healthy.log', '--evidence', 'evidence')).toContain(
      'evidence/describe.txt',
    );
  });

  it('goes on in the open incident, runs it again with other evidence, and not with --new', async () => {
    await using bench = await Bench.make();
    const first = await bench.json(['diagnose', killed, ...fast]);
    const again = await bench.json(['diagnose', killed, ...fast]);
    expect(again.result).toEqual(first.result);
    const forced = await bench.json(['diagnose', killed, '--new', ...fast]);
    expect(forced.result.incident.id).not.toBe(first.result.incident.id);
    expect(await bench.incidents()).toHaveLength(2);

    // The same failure with another time and pod is the same fingerprint, but other evidence.
    const later = (await bench.read(killed)).replaceAll('9f497fc5f-2l7g7', '9f497fc5f-x8k2p');
    await bench.write('later.log', later);
    const other = await bench.json(['diagnose', 'later.log', ...fast]);
    expect(other.result.incident.fingerprint).toBe(first.result.incident.fingerprint);
    expect(other.result.outcome).toBe('proposed');
    expect(await bench.incidents()).toHaveLength(2);
  });

  it('keeps the incident in the answer when the commit is refused', async () => {
    await using bench = await Bench.make();
    await bench.hook('pre-commit', 'echo no such ticket >&2; exit 1');
    const before = await bench.read(valuesFile);
    const { status, result } = await bench.json(['diagnose', killed, '--yes', ...fast]);
    expect(status).toBe(1);
    expect(result).toMatchObject({
      incident: { category: 'oom-killed' },
      error: { code: 'hook-failed' },
      commit: null,
    });
    expect(result.error?.message).toContain('no such ticket');
    expect(await bench.commits()).toBe(1);
    const id = result.incident.id ?? '';
    const rejected = await bench.json(['reject', id, '--reason', 'Not now.']);
    expect(rejected.status).toBe(0);
    expect(rejected.result).toMatchObject({ outcome: 'rejected', error: null });
    expect(await bench.read(valuesFile)).toBe(before);
    expect(await bench.git('status', '--porcelain')).toBe('');
  });

  it('stops at SIGINT: cancelled, status 1, what was found is kept', async () => {
    await using bench = await Bench.make();
    const child = bench.start(['diagnose', '-', '--json', ...fast]);
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    // More than a pipe holds: when all of it is written, the command is reading.
    const log = (await bench.read(killed)).repeat(40);
    await new Promise((resolve) => child.stdin?.write(log, resolve));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cancelled' }, outcome: 'failed' });
    expect(await bench.locks()).toEqual([]);
  });

  it('reads neither colours nor progress into standard output', async () => {
    await using bench = await Bench.make();
    const plain = await bench.run(['diagnose', killed, ...fast]);
    expect(plain.stdout).not.toContain('\u001b');
    expect(plain.stdout).toContain('It waits: war-room accept incident-');
    const env = { FORCE_COLOR: '1' };
    const coloured = await bench.run(['diagnose', killed, ...fast], { env });
    expect(coloured.stdout).toContain('\u001b[');
    const both = { FORCE_COLOR: '1', NO_COLOR: '1' };
    const again = await bench.run(['diagnose', killed, ...fast], { env: both });
    expect(again.stdout).not.toContain('\u001b');
    expect(plain.stderr + coloured.stderr).toBe('');
  });

  it('goes on when nobody reads its output any more', async () => {
    await using bench = await Bench.make();
    const child = bench.start(['diagnose', killed, '--yes', ...fast]);
    child.stdout?.destroy();
    child.stdin?.end();
    const status = await new Promise((resolve) => child.once('exit', resolve));
    expect(status).toBe(0);
    expect(await bench.commits()).toBe(2);
  });
});

describe('At a terminal', () => {
  /** Runs the command under a terminal and types after the question. */
  function atTerminal(bench: Bench, typed: string) {
    const command = [process.execPath, join(dist, 'cli.js'), 'diagnose', killed, ...fast];
    const script = [
      'import os, pty, sys, select, time',
      'pid, fd = pty.fork()',
      'if pid == 0: os.execv(sys.argv[2], sys.argv[2:])',
      'seen, typed, end = b"", False, time.time() + 90',
      'while time.time() < end:',
      '  ready, _, _ = select.select([fd], [], [], 1)',
      '  if not ready: continue',
      '  try: chunk = os.read(fd, 65536)',
      '  except OSError: break',
      '  if not chunk: break',
      '  seen += chunk',
      '  if b"[y/N]" in seen and not typed:',
      '    typed = True; os.write(fd, sys.argv[1].encode().decode("unicode_escape").encode())',
      '_, status = os.waitpid(pid, 0)',
      'sys.stdout.buffer.write(seen); sys.exit(os.waitstatus_to_exitcode(status))',
    ].join('\n');
    const python = ['-c', script, typed, ...command];
    return spawnSync('python3', python, { cwd: bench.root, env: bench.env, encoding: 'utf8' });
  }

  it('commits after a yes, and waits after a no or Ctrl+C', async (context) => {
    const { status: found } = spawnSync('python3', ['--version']);
    need(context, found === 0 ? null : 'python3, which makes a terminal, is not installed');
    await using bench = await Bench.make();
    for (const typed of ['n\\r', '\\x03', '\\x04']) {
      const { stdout, status } = atTerminal(bench, typed);
      expect(stdout, typed).toContain('It waits: war-room accept');
      expect(status, typed).toBe(0);
      expect(await bench.commits()).toBe(1);
    }
    const { stdout, status } = atTerminal(bench, 'y\\r');
    expect(stdout).toContain('Committed ');
    expect(status).toBe(0);
    expect(await bench.commits()).toBe(2);
  });
});
