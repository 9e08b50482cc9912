import * as vscode from 'vscode';
import { describeError } from '../../base/errors';
import type { Incident } from '../../incident/incident';
import { titleOf } from '../../incident/page';
import { resultOf, resultOfError } from '../../incident/result';
import type { Surface } from '../surface';
import { translate as t } from '../translate';
import type { Tool } from './tool';

/** Incidents that the list gives; older ones by their id. */
const longestList = 20;

/** `war_room_incidents`: the stored incidents, or one of them as a diagnosis. Reads, and nothing else. */
export class IncidentsTool implements Tool {
  constructor(private readonly warRoom: Pick<Surface['warRoom'], 'incident' | 'incidents'>) {}

  prepare(): vscode.PreparedToolInvocation {
    return { invocationMessage: t('War Room looks up its incidents') };
  }

  async invoke({
    input,
  }: vscode.LanguageModelToolInvocationOptions<unknown>): Promise<vscode.LanguageModelToolResult> {
    const id = idOf(input);
    const answer = id === undefined ? await this.list() : await this.one(id);
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(JSON.stringify(answer)),
    ]);
  }

  private async list() {
    const incidents = await this.warRoom.incidents();
    return {
      total: incidents.length,
      incidents: incidents.slice(0, longestList).map(listed),
    };
  }

  private async one(id: string) {
    try {
      return resultOf(await this.warRoom.incident(id));
    } catch (error) {
      return resultOfError(describeError(error));
    }
  }
}

function listed(incident: Incident) {
  const { id, state, category, severity, app, outcome, rootCause, createdAt } = incident;
  return {
    id,
    title: titleOf(incident),
    status: state,
    category,
    severity,
    app,
    confidence: rootCause?.confidence ?? null,
    outcome,
    detected: createdAt,
  };
}

function idOf(input: unknown): string | undefined {
  const isObject = typeof input === 'object' && input !== null && 'id' in input;
  return isObject && typeof input.id === 'string' && input.id !== '' ? input.id : undefined;
}
