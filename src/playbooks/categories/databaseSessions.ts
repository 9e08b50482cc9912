import { place } from '../commands';
import { peerName } from '../peers';
import type { Situation } from '../playbook';
import { workload } from './databaseUnavailable';

/** What each database says of its sessions: who waits for whom, and since when. */
const queries: Readonly<Record<string, string>> = {
  MySQL: "mysql -e 'SHOW FULL PROCESSLIST; SHOW ENGINE INNODB STATUS'",
  MongoDB: "mongosh --quiet --eval 'db.currentOp({active:true})'",
  'SQL Server':
    "sqlcmd -Q 'SELECT session_id, blocking_session_id, wait_type, wait_time FROM sys.dm_exec_requests'",
};
const postgres =
  'psql -c "SELECT pid, state, wait_event_type, now() - xact_start AS age, pg_blocking_pids(pid) AS blocked_by, left(query, 80) AS query FROM pg_stat_activity WHERE state <> \'idle\' ORDER BY age DESC"';

/** The command that lists the sessions of the database that the proof names; PostgreSQL's where none is. */
export function showSessions(situation: Situation): string {
  const query = queries[peerName(situation.proof, 'database')] ?? postgres;
  return `kubectl exec ${workload(situation.facts.host, '<database>')}${place(situation)} -- ${query}`;
}
