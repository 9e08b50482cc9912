import { Emitter } from './base/emitter';
import { WarRoomError } from './base/errors';
import type { ChatModel } from './diagnosis/analysts/model';
import type { ModelBudget, ModelSpent } from './diagnosis/analysts/spent';
import type { Models } from './diagnosis/ports';
import type { Host } from './host';

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
    return { turns: maxTurns, tokens: maxTokens, seconds: maxSeconds, dollars: maxDollars };
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
        throw new WarRoomError('model-denied', 'There is no adapter for the Anthropic API yet.');
    }
  }
}
