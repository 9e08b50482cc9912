import { settled, withDeadline } from '../../base/deadline';
import { messageOf } from '../../base/errors';
import type { Analysis } from '../../incident/analysis';
import type { EvidenceText } from '../../incident/evidence';
import type { Incident } from '../../incident/incident';
import { withUse } from '../../incident/modelUse';
import type { DiagnosisPorts } from '../ports';
import { reasonLine } from '../steps/reason';
import { answerTool, readAnswer, type ModelAnswer } from './answer';
import { Budget } from './budget';
import type { ChatModel, ModelMessage, ModelPart, UserPart } from './model';
import { firstMessage, systemPrompt } from './prompt';
import { reconcile, type Reconciled } from './reconcile';
import { ShownEvidence } from './shownEvidence';
import { ModelTools } from './tools';

/** Calls of one turn that are carried out. */
const callsPerTurn = 4;
/** Characters of a tool's answer that a model is shown; the whole is stored. */
const mostOfAnswer = 16_000;

/** How long a model or a tool that was stopped may take to end, in ms. */
const graceMs = 5_000;

/** What a model is asked about. */
export interface Consulted {
  incident: Pick<Incident, 'id' | 'place' | 'objections' | 'modelUse'>;
  texts: readonly EvidenceText[];
  /** What the playbooks say. */
  prior: Analysis;
  useServers: boolean;
}

type Ports = Pick<DiagnosisPorts, 'clock' | 'models' | 'records' | 'servers'>;

/**
 * Asks a model about evidence that the playbooks have judged. Whatever fails, runs out or is
 * refused, their answer stands, and the note says why.
 * @throws only code `cancelled`, and what keeps the incident from being stored
 */
export async function consultModel(
  ports: Ports,
  model: ChatModel,
  consulted: Consulted,
  signal: AbortSignal,
): Promise<Reconciled> {
  const { seconds } = ports.models.budget();
  const conversation = new Conversation(ports, model, consulted);
  let work: Promise<Reconciled> | undefined;
  const begin = (own: AbortSignal) => (work = conversation.run(own));
  try {
    const left = seconds * 1000 - conversation.takenMs;
    // Where a run before a crash left nothing, the budget says so, not the deadline.
    return await withDeadline(model.label, left > 0 ? left : seconds * 1000, signal, begin);
  } catch (error) {
    // Nothing of it goes on behind the diagnosis.
    await settled(work, graceMs);
    signal.throwIfAborted();
    const note = `${model.label} did not help: ${reasonLine(messageOf(error))} The playbooks' answer stands.`;
    return { analysis: consulted.prior, note };
  } finally {
    // One that is cut short may go on in another process.
    if (!signal.aborted) await conversation.record(true);
  }
}

class Conversation {
  private readonly shown = new ShownEvidence();
  private readonly messages: ModelMessage[] = [];
  private readonly budget: Budget;
  /** Before this process asked. */
  readonly takenMs: number;
  private repaired = false;

  constructor(
    private readonly ports: Ports,
    private readonly model: ChatModel,
    private readonly consulted: Consulted,
  ) {
    const last = consulted.incident.modelUse?.at(-1);
    const used = last?.ended === false && last.model === model.label ? last : undefined;
    this.takenMs = (used?.seconds ?? 0) * 1000;
    this.budget = new Budget(ports.models.budget(), model, ports.clock, used);
  }

  /** Keeps with the incident what was taken so far. */
  async record(ended: boolean): Promise<void> {
    const use = { ...this.budget.used(), ended };
    if (use.turns === 0) return;
    await this.ports.records.update(this.consulted.incident.id, (incident) => ({
      ...incident,
      modelUse: withUse(incident.modelUse, use),
    }));
  }

  async run(signal: AbortSignal): Promise<Reconciled> {
    const { incident, texts, prior, useServers } = this.consulted;
    this.tell('reads the evidence');
    const tools = await ModelTools.open(this.ports, incident, useServers, signal);
    this.say({
      kind: 'text',
      text: firstMessage(this.shown, texts, prior, incident.objections),
      stays: true,
    });
    for (;;) {
      signal.throwIfAborted();
      const turn = await this.ask(tools, signal);
      if (typeof turn === 'string') return this.without(turn);
      const answer = await this.heed(turn, tools, signal);
      if (typeof answer === 'string') return this.without(answer);
      if (answer && incident.objections?.some(({ not }) => not === answer.category)) {
        return this.without(`it named ${answer.category ?? ''}, which its person has ruled out`);
      }
      if (answer) return reconcile(prior, answer, this.shown, this.model.label);
    }
  }

  /** The model's next turn, or why there is none. */
  private async ask(
    tools: ModelTools,
    signal: AbortSignal,
  ): Promise<readonly ModelPart[] | string> {
    const request = {
      system: systemPrompt,
      messages: this.messages,
      tools: [...tools.listed, answerTool],
    };
    const room = this.budget.room(request);
    if (typeof room === 'string') return room;
    this.tell('thinks');
    const mustCall = this.budget.isLast ? answerTool.name : null;
    const { parts, stop, usage } = await this.model.ask(
      { ...request, mustCall, maxOutputTokens: room },
      {
        signal,
        onText: () => this.tell('answers'),
        onCut: () => this.budget.cut(request),
      },
    );
    this.budget.add(usage);
    this.tell('has answered');
    await this.record(false);
    if (stop === 'refused') return 'it declined to answer';
    if (stop === 'length') return 'its answer was cut at its longest';
    if (parts.length > 0) this.messages.push({ role: 'assistant', parts });
    return parts;
  }

  /** Does what a turn asks for, as far as it is allowed; the answer when there is one. */
  private async heed(
    parts: readonly ModelPart[],
    tools: ModelTools,
    signal: AbortSignal,
  ): Promise<ModelAnswer | string | undefined> {
    const calls = parts.filter((part) => part.kind === 'call');
    const given = calls.find(({ tool }) => tool === answerTool.name);
    const read = given && readAnswer(given.arguments);
    if (read && 'answer' in read) return read.answer;
    if (given || calls.length === 0) {
      if (this.repaired) return 'it gave no answer that can be read';
      this.repaired = true;
    }
    const results: UserPart[] = [];
    for (const [index, call] of calls.entries()) {
      const text =
        call === given ? (read?.problem ?? '') : await this.look(call, index, tools, signal);
      results.push({
        kind: 'result',
        call: call.call,
        ...(typeof text === 'string' ? { text, isError: true } : { ...text, isError: false }),
      });
    }
    if (calls.length === 0 || this.budget.isLast) {
      results.push({ kind: 'text', text: 'Give your answer now: call the tool "answer".' });
    }
    this.say(...results);
    return undefined;
  }

  /** The evidence that a call brought, as the model is shown it; else the sentence that says why not. */
  private async look(
    { tool, arguments: given }: Extract<ModelPart, { kind: 'call' }>,
    index: number,
    tools: ModelTools,
    signal: AbortSignal,
  ): Promise<{ text: string } | string> {
    if (index >= callsPerTurn) return `At most ${callsPerTurn} calls are carried out in one turn.`;
    // The name is the model's, and a terminal may show it.
    this.tell(`looks: ${reasonLine(tool).slice(0, 60)}`);
    const looked = await tools.call(tool, given, signal);
    if ('problem' in looked) return this.shown.fenced('name="problem"', looked.problem);
    return { text: this.shown.show(looked.evidence, mostOfAnswer) };
  }

  private say(...parts: readonly UserPart[]): void {
    this.messages.push({ role: 'user', parts });
  }

  private without(why: string): Reconciled {
    const note = `${this.model.label} did not help: ${why}. The playbooks' answer stands.`;
    return { analysis: this.consulted.prior, note };
  }

  private tell(doing: string): void {
    this.ports.models.onProgress(this.consulted.incident.id, this.budget.spent(doing));
  }
}
