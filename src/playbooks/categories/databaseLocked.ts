import { askServiceLogs, who } from '../commands';
import { proof, symptom, type Playbook } from '../playbook';
import { showSessions } from './databaseSessions';

const sure = { weight: 0.9 };

export const databaseLocked: Playbook = {
  category: 'database-locked',
  layer: 'service',
  severity: 'high',
  signals: [
    proof(/\bdatabase(?: table| schema)? is locked\b|\bSQLITE_(?:BUSY|LOCKED)\b/i, sure),
    proof(/Lock wait timeout exceeded|ER_LOCK_WAIT_TIMEOUT/i, sure),
    proof(
      /cancell?ing statement due to lock timeout|could not obtain lock on (?:row in )?(?:relation|table)|\b55P03\b|LockNotAvailable/i,
      sure,
    ),
    proof(/Lock request time ?out period exceeded/i, sure),
    proof(/ORA-00054|ORA-30006|resource busy and acquire with NOWAIT/i, sure),
    proof(/Could not acquire change ?log lock|LockException: [^\n]*lock/i, sure),
    proof(/Waiting for change ?log lock/i, { weight: 0.6 }),
    proof(
      /Unable to (?:obtain|acquire) (?:\w+ )?(?:table |advisory |schema )lock|(?:can't|cannot|could not|failed to) acquire (?:the )?(?:\w+ )?(?:advisory|migration|database|table|schema) lock|Migration table is already locked|ConcurrentMigrationError/i,
      sure,
    ),
    proof(/process \d+ still waiting for \w+ on \w+/i, { weight: 0.7 }),
    proof(
      /CannotAcquireLockException|PessimisticLockingFailureException|LockTimeoutException|LockWaitTimeout/i,
      { weight: 0.8, unless: /deadlock/i },
    ),
    proof(
      /Database (?:may be )?(?:is )?already in use: ["']?|database file is locked|could not set lock on file|Resource temporarily unavailable[^\n]*(?:LOCK|lock file)|lock(?: file)?[^\n]{0,80}(?:held|Resource temporarily unavailable)/i,
      { weight: 0.75, unless: /apt|dpkg|leader/i },
    ),
    proof(
      /Unable to acquire (?:\w+ )?lock [^\n]*within [\d.]+ ?ms|WriteConflict\b|LockTimeout\b/i,
      { weight: 0.7 },
    ),
    symptom(/Slow query: [^\n]*(?:Lock_time|lock)/i, { weight: 0.25 }),
    // Another instance holds the data folder
    proof(/lock file "[^"]*postmaster\.pid" already exists|Unable to lock \.\/\S+ error: 11\b/i, {
      weight: 0.8,
    }),
    proof(
      /failed to obtain node locks?\b|Lock obtain failed timed out|LockObtainFailedException/i,
      {
        weight: 0.85,
      },
    ),
    // MySQL, Oracle, Firebird
    proof(
      /\block\(s\) could not be acquired immediately and NOWAIT is set|\bwas locked with a READ lock and can't be updated/i,
      sure,
    ),
    proof(/\bORA-04021\b|\block conflict on no wait transaction\b/i, sure),
    // Databases in files: Derby, H2, HSQLDB; MongoDB's folder
    proof(/\bERROR (?:40XL1|XSDB6): |\bAnother instance of Derby may have already booted/i, sure),
    proof(
      /\bTimeout trying to lock table\b|\bMVStoreException: The file is locked\b|\bDatabase lock acquisition failure: lockFile/i,
      sure,
    ),
    proof(/\bDBPathInUse: Unable to lock the lock file\b|\block hold by current process\b/i, sure),
    proof(/\bPessimisticLockException\b|Timed out trying to acquire a postgres advisory lock/i, {
      weight: 0.85,
    }),
  ],
  recovery: [
    /acquired \w+ on \w+ \d* ?(?:of database \d+ )?after [\d.]+ ms|Successfully acquired change ?log lock/i,
  ],
  keywords: ['database', 'lock'],
  summary: (situation) =>
    `${who(situation)} waits in vain for a lock in its database: another session or process holds it and does not let go.`,
  questions: (situation) => askServiceLogs(situation, 'shows which other work was under way'),
  collect: (situation) => [showSessions(situation)],
  advice: (situation) => ({
    summary:
      'Find the session that holds the lock: a transaction left open, a migration that died, a long batch. End it there. An SQLite file takes one writer at a time: WAL mode and a busy timeout help, a second replica on the same file does not.',
    commands: [{ title: 'See who holds the lock', command: showSessions(situation) }],
  }),
};
