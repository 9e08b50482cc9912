import { appName, askPreviousLogs, askServiceLogs, currentLogs, place, who } from '../commands';
import { proof, symptom, type Match, type Playbook, type Refinement } from '../playbook';
import { innermostCause } from '../read/stackTrace';

/** The frame tells that a migration ran; the trace's innermost cause tells why it failed. */
function whyItFailed({ block }: Match): Refinement {
  const cause = innermostCause(block);
  return cause ? { cite: cause } : {};
}

const migrating =
  /\bmigrat(?:e|ions?|ing)\b|\balembic\b|\[SQL: (?:ALTER|CREATE) |\bflyway\b|\bliquibase\b/i;

/** That something is there already may be said of any statement; a migration ends with it. */
function whileMigrating({ before, line, block, after }: Match): Refinement {
  if (line.level === 'warn' || after.some(({ message }) => /\bapplied\b/i.test(message))) return {};
  const own = [...before, ...block, ...after].filter(({ process }) => process === line.process);
  return own.some(({ message }) => migrating.test(message)) ? { role: 'proof', weight: 0.75 } : {};
}

const sure = { weight: 0.85 };

/** Who makes the tables anew drops them first, and lives with there being none. */
function unlessDropped({ before, block }: Match): Refinement | null {
  const said = [...before, ...block].map(({ message }) => message);
  return said.some((it) => /Error executing DDL "[^"]{0,200}\bdrop\b/i.test(it)) ? null : {};
}

export const migrationFailed: Playbook = {
  category: 'migration-failed',
  layer: 'task',
  endsProgram: true,
  severity: 'critical',
  signals: [
    // EF Core, GitLab, Keycloak, Kong, Mongock, sqlx, Laravel
    proof(/\bThe model for context '\w{1,80}' has pending (?:model )?changes\b/i, sure),
    proof(
      /\bExpected batched background migration for the given configuration to be marked as 'finished'/i,
      sure,
    ),
    proof(/\bFailed to update database schema\b/i),
    proof(/\bDatabase needs bootstrapping or is older than Kong\b/i, sure),
    proof(/\bdid not acquire process lock\. Changelock failed/i, sure),
    proof(/\bmigration (?<migration>\d+) is partially applied; fix and remove row from/i, sure),
    proof(/\bBase table or view already exists: 1050\b/i),
    proof(/\bNew migrations available; run ['"`]?\w+ migrations/i, sure),
    // Laravel
    proof(/\b(?<migration>\d{4}_\d\d_\d\d_\d{6}_\w+) [^\n]{0,300}\bFAIL$/, sure),
    // A program that lists migrations may do so at any level; that one failed is no detail.
    proof(/\bfailed to (?:run|apply|execute)(?: the)? migrations? ["'`]?(?<migration>\d[\w.-]+)/i, {
      ...sure,
      calm: true,
    }),
    proof(/\bfailed to migrate (?:the )?(?:database|schema)\b/i, sure),
    proof(
      /Migration (?:of schema [^\n]{0,60} )?(?:to version )?["'`]?(?<migration>[\w.-]+)["'`]?[^\n]{0,60} failed\b/i,
      sure,
    ),
    proof(
      /\bmigrations? (?:has |have )?failed\b|\bfailed (?:to (?:run|apply|execute)(?: the)?(?: \w+)? )?migrations?\b|migration (?:error|aborted)/i,
      { ...sure, unless: /0 failed|live migration/i },
    ),
    proof(
      /FlywayMigrateException|FlywaySqlScriptException|FlywayValidateException|Validate failed: Migrations have failed validation|Migration checksum mismatch|Detected (?:failed migration|applied migration not resolved)/i,
      sure,
    ),
    proof(
      /Migration failed for change ?set (?<migration>[^\s:]+)|liquibase\.exception\.(?:MigrationFailedException|CommandExecutionException|ValidationFailedException|LiquibaseException)/i,
      sure,
    ),
    proof(
      /\bP3(?:005|006|009|018)\b|A migration failed to apply|migrate found failed migrations/i,
      { weight: 0.9 },
    ),
    proof(
      /StandardError: An error has occurred, (?:this and )?all later migrations canceled|ActiveRecord::(?:PendingMigrationError|IrreversibleMigration|MigrationError)|Migrations are pending/i,
      sure,
    ),
    proof(
      /alembic\.util\.exc\.CommandError|Can't locate revision identified by(?: ["'](?<migration>\w+))?|Multiple head revisions are present/i,
      sure,
    ),
    proof(
      /django\.db\.migrations\.exceptions\.\w+|InconsistentMigrationHistory|NodeNotFoundError: Migration|Conflicting migrations detected/i,
      sure,
    ),
    proof(
      /Dirty database version (?<migration>\d+)\. Fix and force version|migration failed in line \d+|goose[^\n]*(?:failed to run|ERROR)[^\n]{0,200}\.(?:sql|go)/i,
      { weight: 0.9 },
    ),
    proof(
      /Knex[^\n]*migration|migration file ["'](?<migration>[\w.-]+)["'] failed|The migration directory is corrupt|QueryFailedError[^\n]*migration|Error during migration run/i,
      sure,
    ),
    proof(
      /Failed executing DbCommand[^\n]*|An error occurred while (?:migrating|applying migrations)/i,
      { weight: 0.6, unless: /SELECT/i },
    ),
    proof(/ecto\.migrate[^\n]*error|could not (?:run|apply) migrations?/i, sure),
    // That it failed says nothing of why: database, right, lock or the migration itself.
    symptom(
      /\bmigrat(?:ions?|e) (?:returned|exited(?: with)?|ended with)(?: code| status)? [1-9]/i,
      { weight: 0.45 },
    ),
    proof(
      /File ["'][^"']*(?:\/alembic\/(?:command|runtime\/migration)|commands\/migrate|db\/migrations\/executor)\.py/i,
      { weight: 0.65, refine: whyItFailed },
    ),
    symptom(
      /(?:Applying|Running|Migrating|Reverting)(?: \w+)?:? (?<migration>[\w.-]{0,60}\d{3}[\w.-]{0,200})[^\n]*(?: FAIL|$)/i,
      { weight: 0.3 },
    ),
    symptom(
      /relation ["'\\]*\w+["'\\]* already exists|Duplicate column name|column ["'\\]*\w+["'\\]* of relation ["'\\]*\w+["'\\]* already exists|Table ["'`]\S+["'`] already exists/i,
      { weight: 0.3, refine: whileMigrating },
    ),
    proof(/\bmigration \d+ was previously applied but (?:has been modified|is missing)/i, sure),
    // The program's tables are not there: nobody migrated, or not yet
    proof(
      /\b(?:relation|table) ["'`][\w.]+["'`] does not exist\b|\bno such table: \w|Table ["'`][\w.]+["'`] doesn't exist/i,
      // Those of the migrations themselves are looked for before they are made.
      {
        weight: 0.6,
        refine: unlessDropped,
        unless:
          /GenerationTarget|\bdrop (?:table|constraint|index|column)\b|(?:schema|django|knex)_migrations|goose_db_version|databasechangelog|flyway_schema/i,
      },
    ),
    // sqlx, node-pg-migrate, Refinery
    proof(
      /\bwhile executing migration (?<migration>\d{1,20})|\bNot run migration (?<migration2>[\w.-]{1,200}) is preceding already run migration|\bapplied migration \S{1,200} is different than filesystem one/i,
      sure,
    ),
    // Alembic, Entity Framework, Ecto, golang-migrate, Atlas, Flyway, XORM
    proof(
      /\bTarget database is not up to date\.|\bPendingModelChangesWarning\b|\bEcto\.MigrationError\b/i,
      sure,
    ),
    proof(
      /\bno migration found for version (?<migration>\w{1,40})|\bsql\/migrate: executing statement\b/i,
      sure,
    ),
    proof(/\bFound non-empty schema\(s\) [^\n]{1,300} but no schema history table/i, sure),
    proof(/\bORM engine initiali[sz]ation [^\n]{0,60}failed[^\n]{0,20}: migrate: /i, sure),
  ],
  recovery: [
    /\bRunning upgrade \S{0,60} -> /i,
    /Successfully applied \d+ migrations?|migrations? (?:completed|succeeded|applied successfully|done)|Schema \S+ is up to date/i,
  ],
  keywords: ['database', 'migration'],
  summary: (situation) => {
    const { migration } = situation.facts;
    return `${who(situation)} cannot bring its database to the schema that it needs: the migration${migration ? ` ${migration}` : ''} fails.`;
  },
  questions: (situation) => [
    ...askPreviousLogs(situation, 'shows the statement that failed'),
    ...askServiceLogs(situation, 'shows how the database says it', situation.facts.host),
  ],
  collect: (situation) => [currentLogs(situation), `kubectl get jobs${place(situation)}`],
  advice: (situation) => ({
    summary:
      'Read the statement that failed and what the database says of it. See how far it came before trying again (a half applied one is marked as failed or dirty), mend the migration with a new one, and keep the old release running meanwhile.',
    commands: [
      { title: 'See the statement that failed', command: currentLogs(situation) },
      { title: 'See the jobs', command: `kubectl get jobs${place(situation)}` },
      {
        title: 'Keep the last release',
        command: `kubectl rollout undo deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
