import { describe, expect, it } from 'vitest';

import { anthropicModel } from '../../../../src/diagnosis/analysts/anthropic/client';
import type { ModelBudget, ModelSpent } from '../../../../src/diagnosis/analysts/spent';
import { pageOf } from '../../../../src/incident/page';
import type { ModelUse } from '../../../../src/incident/modelUse';
import type { ToolLease } from '../../../../src/diagnosis/ports';
import { ModelServer, type Reply } from '../../../harness/modelServer';
import { World, input, never, proposal, killedLog, until } from '../world';

const look = (name = 'kubectl__get_events'): Reply => ({
  blocks: [{ type: 'tool_use', name, input: {} }],
});

interface Tried {
  reply: (count: number) => Reply;
  budget?: Partial<ModelBudget>;
  answers?: () => ReturnType<ToolLease['call']>;
  signal?: AbortSignal;
  meanwhile?: (server: ModelServer) => void;
  modelUse?: Omit<ModelUse, 'model'>;
}

/** Diagnoses a log whose cause the playbooks know, with a model that never answers. */
async function tried({ reply, budget, answers, signal = never, meanwhile, modelUse }: Tried) {
  await using world = await World.make();
  await using server = await ModelServer.start((_, count) => reply(count));
  const heard: ModelSpent[] = [];
  const makeCall =
    answers ?? (() => Promise.resolve({ text: 'quiet', structured: null, isError: false }));
  const made: string[] = [];
  world.lease = () =>
    Promise.resolve({
      tools: (name) =>
        name === 'kubectl'
          ? [{ name: 'get_events', description: '', inputSchema: {}, readOnly: true }]
          : [],
      call: (name, tool) => {
        made.push(`${name}/${tool}`);
        return makeCall();
      },
      release: () => undefined,
    });
  const model = anthropicModel({ apiKey: 'k', model: 'claude-sonnet-5-5', baseUrl: server.url });
  world.models = {
    model: () => Promise.resolve(model),
    budget: () => ({ turns: 8, tokens: 200_000, seconds: 60, dollars: 1, ...budget }),
    onProgress: (_, spent) => void heard.push(spent),
  };
  const id = await world.queued(killedLog);
  if (modelUse) {
    const used = [{ ...modelUse, model: model.label }];
    await world.store.update(id, (incident) => ({ ...incident, modelUse: used }));
  }
  meanwhile?.(server);
  await world.engine().run(id, input, signal);
  const sent = server.received.map(({ body }) => body);
  return { incident: await world.load(id), heard, made, sent };
}

describe('A model that does not come to an end', () => {
  it.each([1, 3])('has its %i turns and no more', async (turns) => {
    const { incident, made, sent } = await tried({ reply: () => look(), budget: { turns } });
    expect(sent).toHaveLength(turns);
    expect(made.length).toBeGreaterThanOrEqual(turns);
    expect(incident.notes.join(' ')).toContain(`its ${turns} turns were used up`);
    expect(incident.proposal).toEqual(proposal);
  });

  it.each([
    ['before a crash counts', false, 1],
    ['for an earlier answer does not', true, 3],
  ])('what was taken %s', async (_, ended, turns) => {
    const modelUse = { turns: 2, tokens: 900, seconds: 1, dollars: 0.01, ended };
    const { incident, sent } = await tried({
      reply: () => look(),
      budget: { turns: 3 },
      modelUse,
    });
    expect(sent).toHaveLength(turns);
    const taken = incident.modelUse?.reduce((all, use) => all + use.turns, 0);
    expect(taken).toBe(2 + turns);
    expect(incident.modelUse?.every((use) => use.ended)).toBe(true);
    expect(pageOf(incident).facts).toContainEqual({
      label: 'Model',
      value: expect.stringMatching(/\d turns, [\d,]+ tokens, \$0\.\d+, \d+ s$/) as string,
    });
  });

  it('makes four calls in a turn at most', async () => {
    const many = {
      blocks: Array.from({ length: 40 }, () => look()).flatMap((each) =>
        'blocks' in each ? each.blocks : [],
      ),
    };
    const { made: without } = await tried({ reply: () => ({ blocks: [], stop: 'refusal' }) });
    const { made } = await tried({ reply: () => many, budget: { turns: 1 } });
    expect(made.length - without.length).toBe(4);
  });

  it.each([
    [
      'nothing',
      {
        output_tokens: 0,
        input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
      },
    ],
    ['less than nothing', { output_tokens: -1e12 }],
    ['no number', { output_tokens: 'NaN' }],
  ])('is stopped by its tokens where it claims to take %s', async (_, usage) => {
    const reply = (): Reply => ({ ...look(), usage });
    const { incident, sent, heard } = await tried({ reply, budget: { turns: 50, tokens: 60_000 } });
    expect(sent.length).toBeLessThan(10);
    expect(incident.notes.join(' ')).toContain('60000 tokens was used up');
    expect(heard.at(-1)?.tokens).toBeGreaterThan(0);
  });

  it('is not asked at all without money', async () => {
    const { incident, sent } = await tried({ reply: () => look(), budget: { dollars: 0 } });
    expect(sent).toEqual([]);
    expect(incident.notes.join(' ')).toContain('budget of $0');
  });

  it('counts streams that are cut', async () => {
    const reply = (): Reply => ({ blocks: [{ type: 'text', text: 'half of it' }], cutAfter: 3 });
    const { sent, incident } = await tried({ reply, budget: { tokens: 15_000 } });
    expect(sent).toHaveLength(1);
    expect(incident.proposal).toEqual(proposal);
  });

  it('is left after its seconds though its stream goes on', async () => {
    const { incident } = await tried({ reply: () => ({ endless: '' }), budget: { seconds: 0.3 } });
    expect(incident.notes.join(' ')).toContain('took longer than 0.3 s');
    expect(incident.proposal).toEqual(proposal);
  });

  it('is left when the diagnosis is cancelled', async () => {
    const cancel = new AbortController();
    const { incident, sent } = await tried({
      reply: () => ({ endless: '' }),
      signal: cancel.signal,
      meanwhile: (server) =>
        void until(() => server.received.length > 0).then(() => cancel.abort()),
    });
    expect(sent).toHaveLength(1);
    expect(incident.state).toBe('cancelled');
    expect(incident.rootCause).not.toBeNull();
  });
});

describe('What a model is told, and what is told of it', () => {
  it('names no folder of this machine and no secret where a tool fails', async () => {
    const answers = () =>
      Promise.reject(
        new Error(
          'open /home/sam/.kube/config, C:\\Users\\sam\\kube.exe: no; password=hunter2Secret99',
        ),
      );
    const { sent } = await tried({ reply: () => look(), budget: { turns: 2 }, answers });
    expect(sent[1]).toContain('…/config');
    expect(sent[1]).not.toMatch(/\bsam\b|hunter2Secret99/);
  });

  it('writes nothing to a terminal but words', async () => {
    const { heard } = await tried({
      reply: () => look('\u001b]0;owned\u0007\r\n'),
      budget: { turns: 1 },
    });
    const doing = heard.map((each) => each.doing).filter((each) => each.startsWith('looks'));
    expect(doing).toHaveLength(1);
    expect(doing[0]).not.toMatch(/\p{Cc}/u);
  });
});
