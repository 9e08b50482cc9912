/** A branch that was pushed, and where its pull request is or is opened. */
export interface PublishedBranch {
  remote: string;
  branch: string;
  already: boolean;
  pullRequest: { address: string; opened: boolean } | null;
}

/** What a person is told of a push that went through. */
export function publishedSentence({
  remote,
  branch,
  already,
  pullRequest,
}: PublishedBranch): string {
  const pushed = already ? `${remote} had ${branch} already.` : `Pushed ${branch} to ${remote}.`;
  if (pullRequest === null) return pushed;
  const { address, opened } = pullRequest;
  return `${pushed} ${opened ? 'The pull request is' : 'Open the pull request at'} ${address}`;
}
