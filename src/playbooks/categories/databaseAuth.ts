import { appName, askDescribe, askServiceLogs, place, who } from '../commands';
import { peerName } from '../peers';
import { proof, type Playbook } from '../playbook';

const sure = { weight: 0.9 };

export const databaseAuth: Playbook = {
  category: 'database-auth',
  layer: 'service',
  severity: 'critical',
  signals: [
    proof(/password authentication failed for user ["'\\]*(?<databaseUser>[^\s"'\\]+)/i, sure),
    proof(
      /no pg_hba\.conf entry for (?:host|replication)[^\n]*user ["'\\]*(?<databaseUser>[^\s"'\\]+)["'\\]*(?:, database ["'\\]*(?<database>[^\s"'\\]+))?/i,
      sure,
    ),
    proof(/pg_hba\.conf rejects connection for/i, sure),
    proof(
      /(?:Ident|Peer|LDAP|GSSAPI|certificate|SCRAM|PAM|RADIUS) authentication failed for user ["'\\]*(?<databaseUser>[^\s"'\\]+)/i,
      sure,
    ),
    proof(
      /FATAL[^\n]{0,20}role ["'\\]*(?<databaseUser>[^\s"'\\]+)["'\\]* (?:does not exist|is not permitted to log in)/i,
      sure,
    ),
    proof(
      /Access denied for user ["'\\]*(?<databaseUser>[^\s"'\\@]+)["'\\]*@["'\\]*[^\s"'\\]+["'\\]*(?: \(using password: (?:YES|NO)\)| to database ["'\\]*(?<database>[^\s"'\\]+))?/i,
      sure,
    ),
    proof(
      /ER_ACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|SQLSTATE\[(?:HY000|28000)\] \[1045\]/i,
      sure,
    ),
    proof(/Login failed for user ["'](?<databaseUser>[^"']*)/i, sure),
    // Snowflake: alone, the sentence is what any program tells its users
    proof(
      /(?:\b250001\b|Failed to connect to DB|snowflake)[^\n]{0,200}Incorrect username or password/i,
      { weight: 0.8 },
    ),
    proof(/ORA-01017|ORA-28000|ORA-28001/i, sure),
    proof(/\b28P01\b|InvalidPassword(?:Error)?\b|InvalidAuthorizationSpecification/i, {
      weight: 0.8,
    }),
    proof(/Authentication failed against (?:the )?database server/i, sure),
    proof(
      /mongo[^\n]{0,90}(?:Authentication failed|bad auth|AuthenticationFailed|requires authentication|Exception authenticating)/i,
      sure,
    ),
    proof(
      /bad auth ?: authentication failed|\bAuthenticationFailed\b[^\n]{0,60}(?:SCRAM|storedKey|mongo)|SCRAM-SHA-\d+ authentication failed, storedKey mismatch/i,
      sure,
    ),
    proof(
      /(?:command|find|aggregate|insert|listCollections|ping|hello|createIndexes|listDatabases) (?:command )?requires authentication/i,
      sure,
    ),
    proof(/Provided username \S+ and\/or password are incorrect/i, sure),
    proof(
      /(?:database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|sql server|\bdb)\b[^\n]{0,60}(?:authentication (?:failed|error|failure)|invalid (?:credentials|password)|wrong password)/i,
      { weight: 0.75 },
    ),
    proof(
      /client password must be a string|fe_sendauth: no password supplied|no password supplied/i,
      { weight: 0.85 },
    ),
    proof(/Client does not support authentication protocol requested by server/i, { weight: 0.85 }),
    proof(
      /\bUserNotFound: Could not find user\b|SCRAM-SHA-\d+ authentication failed for (?<databaseUser>\S+) on /i,
      sure,
    ),
    proof(/Host ["'][^"']+["'] is not allowed to connect to this (?:MySQL|MariaDB) server/i, sure),
    proof(/requested authentication method unknown to the client/i, { weight: 0.85 }),
    // MySQL's other refusals, and its clients
    proof(
      /\bERROR (?:1862|3118) \(HY000\)|Your password has expired\. To log in you must change|Access denied for user [^\n]{1,120}Account is locked/i,
      sure,
    ),
    proof(
      /Authentication plugin '\w{1,60}' reported error|\bPublic Key Retrieval is not allowed\b/i,
      { weight: 0.85 },
    ),
    // PostgreSQL's clients, its pooler, Prisma
    proof(
      /The server requested [\w-]{1,30} authentication, but no password was provided|\bpooler error: (?:SASL|password|\w{1,20}) authentication failed/i,
      sure,
    ),
    proof(/closing because: no such user: (?<databaseUser>[\w.-]{1,63})/i, {
      weight: 0.75,
      calm: true,
    }),
    proof(
      /\bP1010\b[^\n]{0,20} User .(?<databaseUser>[\w.-]{1,63}). was denied access on the database/i,
      sure,
    ),
    // SQL Server, Oracle, Db2
    proof(
      /Cannot open (?:server|database) ["'](?<database>[^"'\n]{1,128})["'] requested by the login/i,
      { weight: 0.85 },
    ),
    proof(/\bORA-01045\b|\bSQL30082N\b|Security processing failed with reason "\d+"/i, sure),
    // MongoDB's, Cassandra's, Neo4j's, InfluxDB's and etcd's own words
    proof(/\bauth error: sasl conversation error: unable to authenticate using mechanism/i, sure),
    proof(/\bunable to create session: [^\n]{0,80}\bauthentication required \(using\b/i, sure),
    proof(
      /\bNeo\.ClientError\.Security\.(?:Unauthorized|CredentialsExpired|AuthenticationRateLimit)\b/i,
      sure,
    ),
    proof(/"code":"unauthorized","message":"unauthorized access"/i, { weight: 0.8 }),
    proof(/\betcdserver: authentication failed, invalid user ID or password/i, sure),
  ],
  recovery: [
    /(?:database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|\bdb|pool)\b.{0,40}\b(?:re-?connected|connected|connection (?:re-?)?(?:established|restored|ok))/i,
    /connection authorized: user=/i,
  ],
  keywords: ['database', 'credentials'],
  summary: (situation) => {
    const { databaseUser, database } = situation.facts;
    const name = peerName(situation.proof, 'database');
    return `${name === 'database' ? 'The database' : name} runs and refuses ${who(situation)}${databaseUser ? ` as user ${databaseUser}` : ''}${database ? ` on ${database}` : ''}: the password, the user or the server's access rules do not fit.`;
  },
  questions: (situation) => [
    ...askDescribe(situation, 'shows which Secret the password comes from'),
    ...askServiceLogs(situation, 'shows how the server says it', situation.facts.host),
  ],
  collect: (situation) => [
    `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
    `kubectl get secrets${place(situation)} --sort-by=.metadata.creationTimestamp`,
  ],
  advice: (situation) => ({
    summary:
      'Compare the password that the program gets with the one that the database was set up with: a Secret that was rotated after the database had been initialised, a pod older than its Secret, another user or database name, or a missing line in pg_hba.conf. War Room never reads or invents the value.',
    commands: [
      {
        title: 'See where user and password come from',
        command: `kubectl set env deployment/${appName(situation)}${place(situation)} --list`,
      },
      {
        title: 'See which Secrets changed when',
        command: `kubectl get secrets${place(situation)} --sort-by=.metadata.creationTimestamp`,
      },
      {
        title: 'Let pods take a rotated Secret',
        command: `kubectl rollout restart deployment/${appName(situation)}${place(situation)}`,
      },
    ],
  }),
};
