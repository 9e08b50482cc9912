import { Emitter } from './base/emitter';
import { WarRoomError } from './base/errors';
import { isLoopback } from './base/loopback';
import type { ChatModel } from './diagnosis/analysts/model';
import type { ModelBudget, ModelSpent } from './diagnosis/analysts/spent';
import type { Models } from './diagnosis/ports';
import type { Host } from './host';
import { defaultSettings } from './settings';

const address = 'https://api.anthropic.com';

/**
 * Least and most of each part of a budget. Nobody checks what stands in a file of settings; and the
 * step that asks has a deadline, which its seconds must fit into.
 */
const bounds: Readonly<Record<keyof ModelBudget, readonly [least: number, most: number]>> = {
  turns: [1, 50],
  tokens: [1_000, 10_000_000],
  seconds: [5, 240],
  dollars: [0, 1_000],
};

/** Which language model helps the playbooks here, as the settings say. */
export class ModelDesk implements Models {
  private readonly spending = new Emitter<{ id: string; spent: ModelSpent }>();

  /** Fires while a diagnosis of this process asks a model, with what it has spent so far. */
  readonly onDidSpend = this.spending.event;

  constructor(private readonly host: Host) {}

  /**
   * The model, after the person was told what is sent where; null where none is wanted.
   * @throws code `model-denied` with what is missing
   */
  async model(signal: AbortSignal): Promise<ChatModel | null> {
    // What a workspace says must send nothing before it is trusted.
    if (!this.host.isTrusted()) return null;
    const model = await this.chosen(signal);
    return model !== null && (await this.host.models.mayAsk(model, signal)) ? model : null;
  }

  /** What one diagnosis may spend. */
  budget(): ModelBudget {
    const { maxTurns, maxTokens, maxSeconds, maxDollars } = this.host.settings().model;
    const usual = defaultSettings.model;
    return {
      turns: bounded('turns', maxTurns, usual.maxTurns),
      tokens: bounded('tokens', maxTokens, usual.maxTokens),
      seconds: bounded('seconds', maxSeconds, usual.maxSeconds),
      dollars: bounded('dollars', maxDollars, usual.maxDollars),
    };
  }

  onProgress(id: string, spent: ModelSpent): void {
    this.spending.fire({ id, spent });
  }

  private async chosen(signal: AbortSignal): Promise<ChatModel | null> {
    switch (this.host.settings().model.provider) {
      case 'none':
        return null;
      case 'editor':
        return await this.host.models.editorModel(signal);
      case 'anthropic':
        return await this.anthropic();
    }
  }

  private async anthropic(): Promise<ChatModel> {
    const apiKey = await this.host.models.anthropicKey();
    if (!apiKey) {
      throw new WarRoomError(
        'model-denied',
        'There is no key for the Anthropic API: set ANTHROPIC_API_KEY, or store a key in the editor.',
      );
    }
    const { anthropicModel: model, anthropicBaseUrl } = this.host.settings().model;
    const baseUrl = requireSafe(anthropicBaseUrl || this.addressOf(apiKey) || address);
    const { anthropicModel } = await import('./diagnosis/analysts/anthropic/client');
    return anthropicModel({ apiKey, model, baseUrl });
  }

  /** The environment says where its own key goes, and not where a kept one does. */
  private addressOf(apiKey: string): string | undefined {
    const around = this.host.environment();
    return around['ANTHROPIC_API_KEY'] === apiKey ? around['ANTHROPIC_BASE_URL'] : undefined;
  }
}

/** @throws code `model-denied` for an address that would send the key and the evidence in the clear */
function requireSafe(address: string): string {
  const { protocol = '', hostname = '' } = URL.canParse(address) ? new URL(address) : {};
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return address;
  throw new WarRoomError(
    'model-denied',
    'The address of the Anthropic API must begin with https:// (http:// only on this machine), so nothing was sent; correct warRoom.model.anthropicBaseUrl or ANTHROPIC_BASE_URL.',
  );
}

/** What a setting says, within its bounds; the usual where it says no number. */
function bounded(part: keyof ModelBudget, given: unknown, usual: number): number {
  const [least, most] = bounds[part];
  const wanted = typeof given === 'number' && !Number.isNaN(given) ? given : usual;
  return Math.min(most, Math.max(least, wanted));
}
