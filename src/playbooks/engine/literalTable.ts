/**
 * The literals of every pattern, in the order of `patterns`. In a bundle `esbuild.js` puts them
 * here, since to derive them takes longer than to judge a small log; null where nothing is bundled.
 */
export const literalTable: readonly (readonly string[])[] | null = null;
