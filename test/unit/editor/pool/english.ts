import type { Translate } from '../../../../src/editor/pool/texts';

/** What the editor does with a text that is in its language already. */
export const english: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)]));
