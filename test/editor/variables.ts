/** Names of the environment variables by which the runner speaks to the suite. */
export const suiteVariables = {
  /** The file that the suite writes its `StageResult` to, as JSON. */
  result: 'WAR_ROOM_SUITE_RESULT',
  /** Runs only the tests whose title matches this regular expression. */
  grep: 'WAR_ROOM_SUITE_GREP',
};
