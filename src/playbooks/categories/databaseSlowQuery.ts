import { askServiceLogs, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { showSessions } from './databaseSessions';

/** From this many seconds on a statement of a service is slow by any measure. */
const slowSeconds = 3;

/** How long the statement took; `ms` of the same line are thousandths. */
function longEnough({ groups }: Match): Refinement | null {
  const seconds = groups.seconds ? Number(groups.seconds) : Number(groups.millis ?? 0) / 1000;
  return seconds >= slowSeconds ? {} : { role: 'symptom', weight: 0.3 };
}

export const databaseSlowQuery: Playbook = {
  category: 'database-slow-query',
  layer: 'service',
  severity: 'high',
  signals: [
    proof(
      /cancell?ing statement due to statement timeout|\b57014\b|statement timeout\b[^\n]*(?:exceeded|cancel)/i,
      { weight: 0.9 },
    ),
    proof(
      /Query execution was interrupted, maximum statement execution time exceeded|ER_QUERY_TIMEOUT|max_statement_time exceeded/i,
      { weight: 0.9 },
    ),
    proof(
      /Execution Timeout Expired|Timeout expired\.[^\n]*prior to completion of the operation|operation exceeded time limit|MaxTimeMSExpired|ORA-01013|ORA-03136/i,
      { weight: 0.8, unless: /obtaining a connection from the pool/i },
    ),
    // Cassandra tells it at level debug
    proof(/, was slow \d+ times: avg\/min\/max (?<millis>\d+)\//, {
      weight: 0.75,
      calm: true,
    }),
    proof(/Scanned over \d+ tombstones during query|TombstoneOverwhelmingException/i, {
      weight: 0.85,
    }),
    proof(/duration: (?<millis>\d+(?:\.\d+)?) ms +(?:statement|execute|parse|bind|plan)/i, {
      weight: 0.75,
      refine: longEnough,
    }),
    proof(/^# Query_time: (?<seconds>\d+(?:\.\d+)?)/i, { weight: 0.75, refine: longEnough }),
    proof(/Slow query[^\n]{0,800}durationMillis"?[:=] ?(?<millis>\d+)/i, {
      weight: 0.75,
      calm: true,
      refine: longEnough,
    }),
    proof(/slow (?:query|sql|statement)\b[^\n]{0,200}\b(?<millis>\d{4,}(?:\.\d+)?) ?ms/i, {
      weight: 0.7,
      refine: longEnough,
    }),
    proof(
      /slow (?:query|sql|statement)\b[^\n]{0,200}\b(?<seconds>\d+(?:\.\d+)?) ?s(?:ec(?:onds?)?)?\b/i,
      { weight: 0.7, refine: longEnough },
    ),
    proof(/query (?:took|ran for|lasted|execution took) (?<millis>\d+(?:\.\d+)?) ?ms/i, {
      weight: 0.65,
      refine: longEnough,
    }),
    proof(
      /(?:QueryTimeoutException|QueryCanceled(?:Error)?\b|PreparedStatementCallback[^\n]*timeout|sql[^\n]{0,60}query timed? ?out|Query read timeout)/i,
      { weight: 0.75, unless: /redis|lettuce/i },
    ),
    symptom(/Slow (?:query|SQL)|\bSeq Scan on\b|COLLSCAN/i, { weight: 0.4 }),
    proof(/timeout during \w+ query at consistency\b/i, { weight: 0.8 }),
    proof(/Timeout exceeded: elapsed [\d.]+ (?:seconds|ms), maximum/i, { weight: 0.85 }),
    // Cassandra again, Elasticsearch's log of slow searches, TiDB's
    proof(/\b\d+ operations were slow in the last \d+ msecs/i, { weight: 0.75, calm: true }),
    proof(/\bRead \d+ live rows and \d{4,} tombstone cells for query\b/i, { weight: 0.75 }),
    proof(
      /\[i(?:ndex)?\.s(?:earch)?\.s(?:lowlog)?\.(?:query|fetch)\b[^\n]{0,300}\btook_millis\[(?<millis>\d+)\]/i,
      { weight: 0.75, calm: true, refine: longEnough },
    ),
    proof(/\[expensive_query\] \[cost_time=(?<seconds>\d+(?:\.\d+)?)s\]/i, {
      weight: 0.75,
      refine: longEnough,
    }),
    // What clients and servers say of a statement that was given up
    proof(
      /\bMySQLTimeoutException: Statement cancelled due to timeout|\bSQLServerException: The query has timed out|Timeout during reading attempt\b|\bQuery exceeded the maximum (?:execution|run|CPU|planning|queued) time limit/i,
      { weight: 0.85 },
    ),
    proof(/\btransaction has not completed within the specified timeout\b/i, { weight: 0.85 }),
    proof(/\bORA-01555\b|\bORA-12751\b/i, { weight: 0.75 }),
  ],
  keywords: ['database', 'performance'],
  summary: (situation) =>
    `Statements of ${who(situation)} take the database so long that requests wait for them or are given up.`,
  questions: (situation) => askServiceLogs(situation, 'shows which requests wait'),
  collect: (situation) => [showSessions(situation)],
  advice: (situation) => ({
    summary:
      'Let the database explain the slow statement (EXPLAIN ANALYZE): a missing index, statistics that are out of date, or a table that grew. See also what changed: a new query, a bulk job, a lock. A longer timeout is no cure.',
    commands: [{ title: 'See what runs, and for how long', command: showSessions(situation) }],
  }),
};
