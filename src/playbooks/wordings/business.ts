/** Things that a business keeps records of. */
const record =
  /\b(?:customer|guest|patient|applicant|candidate|member|player|student|passenger|employee|driver|visitor|user|order|invoice|contract|voucher|booking|reservation|shipment|parcel|pallet|truck|vehicle|vessel|flight|ride|tour|room|house|seat|hall|shop|warehouse|sku|basket|loan|deposit|refund|tariff|rental|delivery|article|ticket|dispute)s? (?:#|no\.? ?|id[ =:])?['"]?[A-Z]{0,5}-?\d/i;

/** Words of trades in which a lock, a port, a node or a certificate is something else. */
const trade =
  /\b(?:vessels?|berths?|pallets?|goods|customs|insurance|court|ferry|luggage|patients?|passengers?|athletes?|committee|moderators?|campaigns?|exams?|voters?|debtors?|loans?|commission|overdraft|spindle|valve|transformer|barcode|IBAN|forum|guild|horse|estate|council|licen[cs]e plate|smart meters?|(?:washing|vending|milling|slot|ticket) machines?|(?:birth|gift|course|training) cert\w*|certificate of (?:origin|employee)|press release|green wave|fork ?lift|booking|basket)\b/i;

/** What only programs and machines have. */
const technical =
  /:\d{2,5}\b|https?:\/\/|\bE[A-Z]{4,20}\b|\berrno\b|\bHTTP\b|\b[45]\d\d\b|\b5xx\b|\bexit\b|\b\d{1,9}(?:\.\d{1,9})? ?(?:ms|s|sec|seconds|[KMG]i?B|%)(?:\W|$)|\bconnect\w*|\btime(?:d )?-?out\w*|\b(?:pods?|server|service|api|host|socket|disk|null|TLS|DNS|heap|cpu|kernel|query|queries|transaction|database|postgres|mysql|redis|kafka|provider|gateway|threads?|stack|job|consumer|topic|index|sql|db|tx|innodb|row|cache|session)\b|(?:^|\s)\/[\w.-]{1,60}\/|\w{1,60}(?:Exception|Error)\b|\bdead ?lock\w*/i;

/** A sentence of the business that a program serves, and not of the program. */
export function isOfBusiness(sentence: string): boolean {
  return (record.test(sentence) || trade.test(sentence)) && !technical.test(sentence);
}

/** A caller did something wrong, and was told so: nobody is called for that. */
export const ofCaller =
  /\b(?:of|for|from) (?:user|customer|client|player|member) \S|\b(?:user|customer|client|player) \S{1,80}@|\buser session\b|\bpassword reset\b|\breset of password\b|\b(?:we )?answered (?:401|429)\b|\bfailed log ?in attempts\b|\b(?:customer|tenant|user|client) \S{1,60} (?:is over|exceed\w*|has no|tried|is not)\b|\bfor client\b/i;
