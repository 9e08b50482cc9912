/**
 * A secret of every kind, put together at run time, so that no scanner of repositories takes this
 * file for a leak. `secret` must be gone after masking, `kept` must still be there.
 */
export interface SecretSample {
  kind: string;
  text: string;
  secrets: readonly string[];
  kept?: readonly string[];
}

const fill = (alphabet: string, length: number) =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + 3) % alphabet.length]).join('');
const hex = (length: number) => fill('0123456789abcdef', length);
const word = (length: number) => fill('aB3dE6gH1jK4mN7pQ9rS2tU5vW8xYz', length);
const upper = (length: number) => fill('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const url64 = (text: string) => Buffer.from(text).toString('base64url');
const dashes = '-'.repeat(5);
const begin = (label: string) => `${dashes}BEGIN ${label}${dashes}`;
const end = (label: string) => `${dashes}END ${label}${dashes}`;
/** Lines of base64 as in a PEM file. */
const body = [word(64), word(63) + 'Q', word(60) + 'Zz/+', `${word(30)}==`];
const jwt = [url64('{"alg":"HS256","typ":"JWT"}'), url64('{"sub":"1234567890"}'), word(43)].join(
  '.',
);
const password = ['hunter', '2-Tr0ub4dor'].join('');

/** A sample whose secret is `prefix + rest`, in a line of a log. */
const token = (kind: string, ...parts: readonly string[]): SecretSample => ({
  kind,
  text: `2026-11-21T10:00:00Z ERROR request with ${parts.join('')} failed: 401`,
  secrets: [parts.join('')],
  kept: ['2026-11-21T10:00:00Z ERROR request with ', ' failed: 401'],
});

const keyed = (kind: string, text: string, secret: string): SecretSample => ({
  kind,
  text: text.replace('%', secret),
  secrets: [secret],
  kept: [text.slice(0, text.indexOf('%'))],
});

export const secretSamples: readonly SecretSample[] = [
  token('aws-access-key', 'AK', 'IA', upper(16)),
  token('aws-access-key', 'AS', 'IA', upper(16)),
  keyed('aws-secret-key', 'aws_secret_access_key = %', word(40)),
  keyed('aws-secret-key', '{"SecretAccessKey": "%"}', word(40)),
  keyed('aws-session-token', 'AWS_SESSION_TOKEN=%', word(120)),
  keyed('aws-signature', 'GET /b/k?X-Amz-Signature=%', hex(64)),
  token('gcp-api-key', 'AI', 'za', word(35)),
  token('gcp-oauth-token', 'ya', '29.', word(60)),
  token('gcp-oauth-token', 'GOC', 'SPX-', word(28)),
  keyed('azure-storage-key', 'AccountName=logs;AccountKey=%', `${word(86)}==`),
  keyed('azure-sas', 'https://logs.blob.core.windows.net/c?sv=2024&sig=%', `${word(43)}%3D`),
  token('azure-client-secret', 'abc', '8Q', '~', word(34)),
  ...['p', 'o', 'u', 's', 'r'].map((letter) => token('github-token', `gh${letter}`, '_', word(36))),
  token('github-token', 'github', '_pat_', word(22), '_', word(59)),
  token('gitlab-token', 'gl', 'pat-', word(20)),
  token('slack-token', 'xo', 'xb-', '123456789012-', word(24)),
  token('slack-token', 'xa', 'pp-', '1-A0-', word(40)),
  keyed(
    'slack-webhook',
    'POST https://hooks.slack.com/services/%',
    `T${upper(8)}/B${upper(8)}/${word(24)}`,
  ),
  keyed('discord-webhook', 'POST https://discord.com/api/webhooks/112233445566778899/%', word(68)),
  token('discord-token', 'MT', word(24), '.', 'Gx1y2Z', '.', word(30)),
  keyed(
    'teams-webhook',
    'POST https://x.webhook.office.com/webhookb2/%',
    `${hex(36)}@${hex(36)}/IncomingWebhook/${hex(32)}`,
  ),
  token('telegram-bot-token', '123456789', ':AA', word(33)),
  token('stripe-key', 'sk', '_live_', word(24)),
  token('stripe-key', 'rk', '_test_', word(24)),
  token('stripe-key', 'wh', 'sec_', word(32)),
  token('twilio-key', 'S', 'K', hex(32)),
  token('sendgrid-key', 'SG', '.', word(22), '.', word(43)),
  token('mailgun-key', 'ke', 'y-', hex(32)),
  token('mailchimp-key', hex(32), '-us', '12'),
  token('npm-token', 'np', 'm_', word(36)),
  keyed('npm-token', '//npm.example.org/:_authToken=%', hex(36)),
  token('pypi-token', 'py', 'pi-', word(80)),
  token('docker-hub-token', 'dckr', '_pat_', word(27)),
  token('hugging-face-token', 'h', 'f_', word(34)),
  token('anthropic-key', 'sk', '-ant-', 'api03-', word(80)),
  token('openai-key', 'sk', '-', word(48)),
  token('openai-key', 'sk', '-proj-', word(60)),
  keyed('datadog-key', 'DD_API_KEY=%', hex(32)),
  token('new-relic-key', 'NR', 'AK-', upper(27)),
  token('grafana-token', 'gl', 'sa_', word(32), '_', hex(8)),
  token('vault-token', 'hv', 's.', word(90)),
  token('digitalocean-token', 'do', 'p_v1_', hex(64)),
  token('heroku-key', 'HR', 'KU-', word(60)),
  keyed('heroku-key', 'HEROKU_API_KEY=%', '01234567-89ab-cdef-0123-456789abcdef'),
  token('shopify-token', 'shp', 'at_', hex(32)),
  token('square-token', 'sq0', 'atp-', word(22)),
  token('atlassian-token', 'ATA', 'TT3', word(100)),
  token('terraform-token', word(14), '.atlas', 'v1.', word(64)),
  token('databricks-token', 'da', 'pi', hex(32)),
  token('doppler-token', 'dp', '.pt.', word(43)),
  token('sentry-token', 'sntr', 'ys_', word(60)),
  token('linear-key', 'lin', '_api_', word(40)),
  token('postman-key', 'PM', 'AK-', hex(24), '-', hex(34)),
  token('rubygems-key', 'ruby', 'gems_', hex(48)),
  token('age-key', 'AGE-SECRET', '-KEY-1', upper(58)),
  token('jwt', jwt),
  keyed('bearer-token', 'Authorization: Bearer %', word(40)),
  keyed('basic-auth', 'Authorization: Basic %', base64(`admin:${password}`)),
  keyed('authorization', '"authorization": "Token %"', hex(40)),
  keyed('cookie', 'Cookie: %', `sid=${word(20)}; theme=dark`),
  keyed('cookie', '< Set-Cookie: %', `session=${word(20)}; Path=/; HttpOnly`),
  keyed('session-cookie', 'GET /cart;JSESSIONID=%', upper(32)),
  keyed('url-password', 'cannot reach postgres://app:%@db:5432/orders', password),
  keyed('url-password', 'amqp://guest:%@rabbitmq:5672/', password),
  keyed('url-password', 'redis://:%@cache:6379/0', password),
  keyed('url-password', 'mongodb+srv://app:%@cluster0.example.net/', `p@${password}`),
  keyed('url-token', 'git clone https://%@github.com/a/b', word(40)),
  keyed('jdbc-password', 'jdbc:oracle:thin:scott/%@db:1521/x', password),
  keyed(
    'connection-string',
    'Server=db;Database=orders;User Id=app;Password=%;Encrypt=true',
    `${password} with space`,
  ),
  keyed('kubeconfig-key', '    client-key-data: %', base64('a key of a client')),
  keyed(
    'docker-config-auth',
    '{"auths":{"registry.example.org":{"auth":"%"}}}',
    base64(`me:${password}`),
  ),
  keyed('docker-config-auth', '  .dockerconfigjson: %', base64('{"auths":{}}, padded')),
  keyed('netrc-password', 'machine git.example.org login me password %', password),
  keyed('curl-password', '+ curl -sS -u admin:% https://grafana/api', password),
  keyed('cli-password', 'exec: helm upgrade --set a=b --password % --wait', password),
  keyed('cli-password', 'mysql -h db -u root -p% shop', password),
  keyed('cli-password', 'redis-cli -h cache -a % ping', password),
  keyed('sql-password', "ALTER USER app IDENTIFIED BY '%'", password),
  keyed('sql-password', "CREATE ROLE app WITH LOGIN PASSWORD '%'", password),
  keyed('redis-password', 'requirepass %', password),
  keyed('password-hash', 'admin:%', ['$2', 'y$10$', word(53)].join('')),
  keyed('credit-card', 'charge of card % declined', ['4111', '1111', '1111', '1111'].join(' ')),
  keyed('credit-card', '{"card": "%"}', ['3782', '822463', '10005'].join('')),
  ...[
    'PASSWORD=%',
    'DB_PASSWORD=%',
    'export DATABASE_PASSWORD_PROD="%"',
    '"password": "%"',
    "password: '%'",
    '  adminPassword: %',
    'host=db user=app password=% sslmode=disable',
    'POST /login?user=a&password=%',
    '{\\"password\\":\\"%\\"}',
    'spring.datasource.password=%',
    'user=bob pass_pwd=%',
  ].map((text) => keyed('password', text, password)),
  ...['API_KEY=%', '"apiKey": "%"', 'x-api-key: %', 'GET /v1?api_key=%', 'privateKey: %'].map(
    (text) => keyed('api-key', text, word(24)),
  ),
  ...['ACCESS_TOKEN=%', '"refresh_token":"%"', 'GET /v1?token=%', 'token: %', 'csrfToken=%'].map(
    (text) => keyed('token', text, word(24)),
  ),
  ...['CLIENT_SECRET=%', '"clientSecret": "%"', 'signing_secret: %'].map((text) =>
    keyed('secret', text, word(24)),
  ),
  keyed('env-value', '{"name":"DB_PASSWORD","value":"%"}', password),
  {
    kind: 'env-value',
    text: `        - name: DB_PASSWORD\n          value: ${password}\n        - name: LOG_LEVEL\n          value: debug`,
    secrets: [password],
    kept: ['- name: DB_PASSWORD', 'value: debug'],
  },
  ...['RSA PRIVATE KEY', 'PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map((label) => ({
    kind: 'private-key',
    text: ['before', begin(label), ...body, end(label), 'after the key'].join('\n'),
    secrets: body,
    kept: ['before\n', begin(label), '\nafter the key'],
  })),
  {
    kind: 'ssh-private-key',
    text: [begin('OPENSSH PRIVATE KEY'), ...body, end('OPENSSH PRIVATE KEY')].join('\n'),
    secrets: body,
  },
  {
    kind: 'pgp-private-key',
    text: [
      begin('PGP PRIVATE KEY BLOCK'),
      'Version: GnuPG v2',
      '',
      ...body,
      '=aB3d',
      end('PGP PRIVATE KEY BLOCK'),
    ].join('\n'),
    secrets: [...body, '=aB3d'],
  },
  {
    kind: 'private-key',
    text: `{"type":"service_account","private_key":"${begin('PRIVATE KEY')}\\n${body.join('\\n')}\\n${end('PRIVATE KEY')}\\n"}`,
    secrets: body,
    kept: ['{"type":"service_account","private_key":"'],
  },
  {
    kind: 'private-key',
    text: ['  the BEGIN line was cut away', ...body, end('RSA PRIVATE KEY')].join('\n'),
    secrets: body,
    kept: ['the BEGIN line was cut away'],
  },
  {
    kind: 'private-key',
    text: [begin('RSA PRIVATE KEY'), ...body]
      .map((line) => `2026-11-21T10:00:00Z ${line}`)
      .join('\n'),
    secrets: body,
  },
  {
    kind: 'kubernetes-secret',
    text: `apiVersion: v1\ndata:\n  user: ${base64('administrator')}\n  note: ${base64('hello there')}\nkind: Secret\nmetadata:\n  name: grafana-admin`,
    secrets: [base64('administrator'), base64('hello there')],
    kept: ['  user: ', 'name: grafana-admin'],
  },
  {
    kind: 'kubernetes-secret',
    text: `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: a\n  stringData:\n    config.yaml: |\n      user: bob\n      dsn: ${password}\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    color: blue`,
    secrets: ['user: bob', password],
    kept: ['config.yaml: |', 'color: blue'],
  },
  {
    kind: 'kubernetes-secret',
    text: `{"apiVersion":"v1","data":{"user":"${base64('administrator')}"},"kind":"Secret","metadata":{"name":"grafana-admin"}}`,
    secrets: [base64('administrator')],
    kept: ['"metadata":{"name":"grafana-admin"}'],
  },
  {
    kind: 'kubernetes-secret',
    text: `{\n    "apiVersion": "v1",\n    "data": {\n        "user": "${base64('administrator')}"\n    },\n    "kind": "Secret",\n    "metadata": {\n        "name": "grafana-admin"\n    }\n}`,
    secrets: [base64('administrator')],
    kept: ['"name": "grafana-admin"'],
  },
];

/** Lines that look like secrets and are none: a diagnosis needs them. */
export const harmless: readonly string[] = [
  'HEAD is now at 3f2a9c1d4e5b6a7980123456789abcdef0123456 Raise the limit',
  'Pulled image registry.example.org/shop/checkout@sha256:9b2ca8e1d3f4a5b6c7d8e9f00112233445566778899aabbccddeeff001122334',
  'image: docker.io/grafana/grafana:11.3.0',
  'request 550e8400-e29b-41d4-a716-446655440000 took 31 ms',
  'containerd://4c1f5e7a9b3d2c8e6f0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60',
  'Back-off restarting failed container app in pod checkout-7d9c5b8f6d-x2x9z_shop(0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0)',
  '\tat com.example.shop.auth.TokenService.refreshToken(TokenService.java:42)',
  '    at Object.getSecretValue (/app/node_modules/@aws-sdk/client-secrets-manager/dist-cjs/index.js:1204:23)',
  '  File "/usr/lib/python3.12/site-packages/sqlalchemy/engine/default.py", line 599, in connect',
  '/var/lib/kubelet/pods/0f1e2d3c/volumes/kubernetes.io~projected/kube-api-access-x2x9z',
  '/usr/lib/jvm/java21/lib/modules/com/example/Aa1/Bb2/Cc3/Dd4/Ee5/Ff6',
  'password: <nil>',
  'token=null',
  'password=""',
  'token: undefined',
  'DB_PASSWORD=${DB_PASSWORD}',
  'password: {{ .Values.db.password }}',
  'password: ********',
  '      secretKeyRef:',
  '        secretName: grafana-tls',
  '  existingSecret: grafana-admin',
  '  imagePullSecrets:',
  'imagePullSecret: regcred',
  'Error: secret "grafana-admin" not found',
  'MountVolume.SetUp failed for volume "tls" : secret "grafana-tls" not found',
  "Error: couldn't find key password in Secret shop/db",
  "      DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
  '    Type:       Secret (a volume populated by a Secret)',
  'password:  12 bytes',
  'Error: DATABASE_PASSWORD is not set',
  'Missing required environment variable: API_KEY',
  'KeyError: "DATABASE_PASSWORD"',
  "ERROR 1045 (28000): Access denied for user 'root'@'10.244.0.7' (using password: YES)",
  'FATAL:  password authentication failed for user "app"',
  'WRONGPASS invalid username-password pair or user is disabled.',
  'level=error msg="invalid token: signature is invalid"',
  'SyntaxError: Unexpected token: } in JSON at position 31',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'rate limit reached: tokens: 39512 of 40000',
  'max_tokens=4096 total_tokens: 812',
  'WWW-Authenticate: Bearer realm="registry",service="registry.example.org"',
  'the server asked for Basic authentication',
  'GET http://checkout:8080/orders?mail=a@b.example 503',
  'dial tcp 10.96.12.8:5432: connect: connection refused',
  'http://[::1]:9090/metrics',
  'PWD=/usr/src/app',
  '    JWT_SECRET = os.environ["JWT_SECRET_KEY"]',
  '    token = load_token(path)',
  'const password = process.env.DB_PASSWORD;',
  'SSH_AUTH_SOCK=/tmp/agent.sock',
  'password_file: /run/secrets/db',
  'private_key_path = /etc/ssl/private/server.key',
  'order 1732183200123456 shipped, trace 4532015112830367123',
  'disk-pressure-taint-manager-7d9c5b8f6d-x2x9z is running',
  'Cookie: rejected because of its domain',
  'primary key: id',
  'error: key "replicas" already set in map',
  'serviceAccountName: token-reviewer',
  'kubectl create secret generic db --from-literal=user=app',
  'kind: Secret',
  'ssl_certificate_key /etc/nginx/tls.key;',
  `${begin('CERTIFICATE')}\n${body.join('\n')}\n${end('CERTIFICATE')}`,
  `${begin('PUBLIC KEY')}\n${body.join('\n')}\n${end('PUBLIC KEY')}`,
];
