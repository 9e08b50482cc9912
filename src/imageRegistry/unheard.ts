/** Why nothing is known of a registry's tags, as the end of a sentence. It never leaves this room. */
export class Unheard extends Error {}
