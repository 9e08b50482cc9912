/**
 * What every sentence says about a change whose answer nobody heard. Whoever reads it does not make
 * the change again.
 */
export const unheardWords = 'it is not known whether it was done';
