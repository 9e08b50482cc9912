import { askServiceLogs, who } from '../commands';
import { proof, type Playbook } from '../playbook';
import { showSessions } from './databaseSessions';

/** Threads of one program can lock each other too. */
const threads = /goroutines|Java-level|mutex|thread(?:s|ed)\b[^\n]{0,30}deadlock|pthread/i;
const sure = { weight: 0.93, unless: threads };

export const databaseDeadlock: Playbook = {
  category: 'database-deadlock',
  layer: 'origin',
  severity: 'high',
  signals: [
    proof(/(?:ERROR|FATAL|error|\b40P01)[^\n]{0,40}deadlock detected|\bdeadlock detected\b/i, sure),
    proof(/\b40P01\b|TRDeadlockDetected|ActiveRecord::Deadlocked|DeadlockDetected/i, sure),
    proof(/Deadlock found when trying to get lock|ER_LOCK_DEADLOCK/i, sure),
    proof(/(?:was deadlocked on|chosen as the deadlock victim)/i, sure),
    proof(/ORA-00060/i, sure),
    proof(/DeadlockLoserDataAccessException/i, sure),
    proof(/Process \d+ waits for \w+ on [^\n]*; blocked by process \d+/i, sure),
    proof(/LATEST DETECTED DEADLOCK|WE ROLL BACK TRANSACTION/i, { ...sure, weight: 0.8 }),
    proof(/(?:transaction|database|query|sql)\b[^\n]{0,60}\bdeadlock/i, { ...sure, weight: 0.75 }),
    // Hibernate, Galera, MySQL's NDB
    proof(/\bLockAcquisitionException: [^\n]{0,200}\bdeadlock\b/i, sure),
    proof(/\bWSREP detected deadlock\/conflict\b|\bprobably caused by deadlock' from/i, sure),
  ],
  recovery: [
    /(?:retry|retried|transaction) (?:\w+ )?(?:succeeded|committed)|succeeded (?:after|on)/i,
  ],
  keywords: ['database', 'deadlock'],
  summary: (situation) =>
    `Transactions of ${who(situation)} lock each other out in the database, which ends one of them to let the other go on.`,
  questions: (situation) => askServiceLogs(situation, 'shows which statements take part'),
  collect: (situation) => [showSessions(situation)],
  advice: (situation) => ({
    summary:
      'Let all transactions take the same rows or tables in the same order, keep them short, and try a victim again. The database’s own log names both statements.',
    commands: [
      { title: 'See the sessions and what they wait for', command: showSessions(situation) },
    ],
  }),
};
