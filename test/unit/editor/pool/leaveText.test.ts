import { expect, test } from 'vitest';

import { leaveText } from '../../../../src/editor/pool/leaveText';
import type { LeaveRequest } from '../../../../src/incident/leave';
import { english } from './english';

const request: LeaveRequest = {
  server: 'postgres',
  key: 'k',
  runtime: 'docker',
  program: 'pypi:postgres-mcp@1.4.2',
  command: 'postgres-mcp-stdio',
  folder: null,
  image: 'python:3.13-slim',
  args: ['--read-only'],
  publisher: 'crystaldba',
  integrity: 'sha512-abc',
  environment: ['DATABASE_URI'],
  network: ['db.example.com:5432'],
  minted: [],
  why: 'It can tell which connections are open.',
};

test('a container: package, publisher, checksum, hosts and the names of variables', () => {
  const { message, detail } = leaveText(request, english);
  expect(message).toBe('Start the MCP server postgres?');
  expect(detail.split('\n')).toEqual([
    'It can tell which connections are open.',
    '',
    'Program: pypi:postgres-mcp@1.4.2',
    'Command: postgres-mcp-stdio',
    'Arguments: --read-only',
    'Publisher: crystaldba',
    'Checksum: sha512-abc',
    'Runs: in a container without rights on this machine',
    "Image: built on python:3.13-slim (or on this machine's own Node or Python where that cannot be pulled)",
    'Network: db.example.com:5432',
    'Environment: DATABASE_URI',
    '',
    '"Always Allow" holds for exactly this; if any of it changes, you are asked again.',
  ]);
});

test('a process: that it runs as the person, without a wall', () => {
  const { detail } = leaveText(
    { ...request, runtime: 'process', image: null, network: [] },
    english,
  );
  expect(detail).toContain('Runs: unsandboxed, as you');
  expect(detail).toContain('Network: all that you can reach');
  expect(detail).not.toContain('Image');
  expect(detail).not.toContain('Checksum');
});

test('a command: its folder and all of its arguments, each apart', () => {
  const args = ['-c', `x${' '.repeat(400)}y`, 'z'];
  const { detail } = leaveText({ ...request, folder: '/repo/a', args }, english);
  expect(detail).toContain('Folder: /repo/a\nArguments: -c "x ␣×400 y" z\n');
});

test('an image of others: it itself, and no command', () => {
  const image = 'example/server@sha256:00';
  const { detail } = leaveText({ ...request, program: image, image, command: null }, english);
  expect(detail.split('\n')).toContain(`Image: ${image}`);
  expect(detail).not.toContain('Command');
});

test('what is made for it, and that nothing else is known', () => {
  const { detail } = leaveText(
    {
      ...request,
      args: [],
      publisher: null,
      integrity: null,
      environment: [],
      network: [],
      minted: ['a kubeconfig with one context'],
    },
    english,
  );
  expect(detail).toContain('Publisher: not known');
  expect(detail).toContain('Network: none');
  expect(detail).toContain('Environment: no variables');
  expect(detail).toContain('Made for it: a kubeconfig with one context');
});

test('nothing that a registry says makes a line of its own or turns one around', () => {
  const { detail } = leaveText(
    { ...request, publisher: 'good\nNetwork: none\u202eenon', program: 'a\r\nRuns: safe' },
    english,
  );
  const lines = detail.split('\n');
  expect(lines.filter((line) => line.startsWith('Network:'))).toEqual([
    'Network: db.example.com:5432',
  ]);
  expect(lines.filter((line) => line.startsWith('Runs:'))).toHaveLength(1);
  expect(detail).not.toContain('\u202e');
});
