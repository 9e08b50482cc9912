/** Their digits look like ports. */
const stamps = /\b\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?/g;
/** Everything up to the level. */
const untilLevel = /^.{0,120}?\b(?:ERROR|FATAL|WARN(?:ING)?|CRITICAL|SEVERE)\b[\]):|]{0,2}/;
/** Process, thread and logger behind it. */
const origin =
  /^(?:\s{0,4}\d{1,8})?(?:\s{0,4}---)?(?:\s{0,4}\[[^\]]{0,80}\]){0,3}[\s-]{0,4}(?:\w[\w$]{0,60}[.][\w$.]{1,120}\s{0,40}(?::|-)\s?|-\s)?/;
/** Where the line was written, and not what of. */
const whereabouts = /\b(?:logger|caller|source|thread|class|module|file)=\S{1,200}/g;
const longest = 400;

/** What a line says, without when, how loud and which part of the program says it. */
export function sentenceOf(message: string): string {
  const bare = message.slice(0, longest).replace(stamps, ' ');
  const [, told] = /\bmsg="([^"]{1,300})"/.exec(bare) ?? [];
  if (told !== undefined) {
    const why = /\b(?:err|error|reason|cause)="([^"]{1,300})"/.exec(bare)?.[1] ?? '';
    return `${told} ${why}`;
  }
  return bare.replace(untilLevel, '').replace(origin, '').replace(whereabouts, ' ');
}
