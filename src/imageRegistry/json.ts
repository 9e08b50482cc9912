import { boundedText, causeOf } from '../base/httpAnswer';
import { Unheard } from './unheard';

/**
 * The JSON of an answer.
 * @throws Unheard when it is larger, breaks off or is none
 */
export async function jsonOf(response: Response, most: number): Promise<unknown> {
  const text = await boundedText(response, most).catch((error: unknown) => {
    throw new Unheard(causeOf(error));
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unheard('its answer is not JSON');
  }
}
