import type { LogLine } from './logLine';

/** Answers of a server that went well. */
const answered =
  /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S*(?: HTTP\/[\d.]+)?"?:? (?:- |-> |status[= ])?[23]\d\d\b|\b(?:status|status_?code|http_status|response_code)["\\]*[=:] ?["\\]*[23]\d\d\b|HTTP\/[\d.]+"? [23]\d\d\b|\bCompleted [23]\d\d [A-Z][\w ]{1,40} in \d+ms|\s-?\d+(?:\/-?\d+){4} [23]\d\d\b/i;

/** Answers of a server that failed: access logs in their usual forms, and fields of a request. */
const serverError =
  /(?:HTTP\/[\d.]+"|\s-?\d+(?:\/-?\d+){4}) 5\d\d\b|\bCompleted 5\d\d [A-Z][\w ]{1,40} in \d+ms|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \/\S*(?: HTTP\/[\d.]+)?"?:? (?:- |-> |status[= ])?5\d\d\b|\b(?:status|status_?code|http_status|response_code|http\.status_code)["\\]*[=:] ?["\\]*5\d\d\b/i;

/** A server answered a request, and well. */
export function isAnswered(line: LogLine): boolean {
  return line.kind === 'log' && answered.test(line.text.slice(0, 1000));
}

const fiveHundred = /\b5\d\d\b/;

/** A server answered a request with a failure of its own. */
export function isServerError({ message, text }: LogLine): boolean {
  return [message, text].some((each) => {
    const head = each.slice(0, 1000);
    // What is cheap and seldom comes first.
    return fiveHundred.test(head) && serverError.test(head);
  });
}
