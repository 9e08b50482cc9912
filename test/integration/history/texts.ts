// The text of the values file, and of what was made of it, after one edit each.

/** What the person edits and leaves unstaged. */
export const withUnstaged = (text: string) => text.replace('replicas: 1', 'replicas: 7');

/** What the person edits and stages, in another hunk. */
export const withStaged = (text: string) => text.replace('port: 3000', 'port: 4000');

/** What War Room edits. */
export const accepted = (text: string) => text.replace("'512Mi'", "'1Gi'");
