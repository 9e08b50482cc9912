import { testSamples, type Samples } from './samples';

/** What runtimes, proxies, clouds and the platform's own programs print, in their exact words. */
const samples: Samples = {
  'oom-killed': {
    real: [
      'Nov 21 10:00:01 mill systemd-oomd[512]: Killed /system.slice/press.service due to memory used (16100000000) / total (16500000000) and swap used (4090000000) / total (4200000000) being more than 90.00%',
      '[2026-11-21 10:00:01 +0000] [7] [ERROR] Worker (pid:61) was sent SIGKILL! Perhaps out of memory?',
    ],
    alike: [
      '[2026-11-21 10:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:61)\n[2026-11-21 10:00:00 +0000] [61] [ERROR] Error handling request /render\n[2026-11-21 10:00:00 +0000] [61] [INFO] Worker exiting (pid: 61)\n[2026-11-21 10:00:01 +0000] [7] [ERROR] Worker (pid:61) was sent SIGKILL! Perhaps out of memory?',
    ],
  },
  'heap-exhausted': {
    real: [
      'io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 4194304 byte(s) of direct memory (used: 268435456, max: 268435456)',
      'ERROR:  out of memory\nDETAIL:  Failed on request of size 524288 in memory context "ExecutorState".',
      '[ERROR] /usr/sbin/mariadbd: Out of memory (Needed 64000000 bytes)',
      '# There is insufficient memory for the Java Runtime Environment to continue.\n# Native memory allocation (mmap) failed to map 65536 bytes for committing reserved memory.',
      '[21-Nov-2026 10:00:01] ERROR: fork() failed: Cannot allocate memory (12)',
      "7:M 21 Nov 2026 10:00:01.101 # Can't save in background: fork: Cannot allocate memory",
    ],
    alike: ['0/3 nodes are available: 3 Insufficient memory.'],
  },
  'connection-refused': {
    real: [
      'HTTP/1.1 503 Service Unavailable: upstream connect error or disconnect/reset before headers. reset reason: connection failure',
      '[WARNING] (8) : Server shop/s1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left.',
      '[proxy_http:error] [pid 12] AH01114: HTTP: failed to make connection to backend: 10.3.0.9',
    ],
    alike: [
      '[WARNING] (8) : Server shop/s1 is DOWN, reason: Layer7 wrong status, code: 503, check duration: 2ms.',
      'upstream connect error or disconnect/reset before headers',
    ],
  },
  'connection-timeout': {
    real: [
      '[WARNING] (8) : Server shop/s1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.',
      'wait-for-it.sh: timeout occurred after waiting 15 seconds for prices:8443',
    ],
    alike: ['INFO waiting 15 seconds for prices:8443'],
  },
  'connection-reset': {
    real: [
      'rpc error: code = Unavailable desc = error reading from server: EOF',
      'ERROR call of stock failed: http2: server sent GOAWAY and closed the connection; LastStreamID=7',
    ],
    alike: [],
  },
  'dns-failure': {
    real: [
      'io.netty.resolver.dns.DnsNameResolverTimeoutException: [/10.3.0.2:53] DatagramDnsQuery: query timed out after 5000 milliseconds',
    ],
    alike: [],
  },
  'tls-untrusted': {
    real: [
      'System.Security.Authentication.AuthenticationException: The remote certificate is invalid according to the validation procedure.',
      'An error occurred during a connection to pay.desk: SEC_ERROR_UNKNOWN_ISSUER',
    ],
    alike: [],
  },
  'tls-name-mismatch': {
    real: [
      'javax.net.ssl.SSLPeerUnverifiedException: Hostname pay.desk not verified:\n    certificate: sha256/aa=\n    DN: CN=till.desk',
    ],
    alike: [],
  },
  'no-endpoints': {
    real: ['HTTP 503: no healthy upstream'],
    alike: ['HTTP 503: no healthy upstream, envoy overloaded'],
  },
  'ingress-misconfigured': {
    real: [
      'E1121 10:00:01.000001 7 store.go:910] "Ignoring ingress because of error while validating ingress class" ingress="desk/web" error="ingress does not contain a valid IngressClass"',
      'level=warning msg="unable to find the IP address for the container \\"/web\\": the server is ignored"',
    ],
    alike: ['level=info msg="service \\"web\\" found at 10.3.0.4"'],
  },
  'invalid-config': {
    real: [
      "[ALERT]    (1) : [haproxy.main()] No enabled listener found (check for 'bind' directives) ! Exiting.",
      '[error] 31#31: *7 upstream sent too big header while reading response header from upstream, client: 10.3.0.1, upstream: "http://10.3.0.4:4180/"',
      '[error] 31#31: *7 rewrite or internal redirection cycle while internally redirecting to "/index.html", client: 10.3.0.1',
      'bootstrap check failure [1] of [1]: max file descriptors [4096] for elasticsearch process is too low, increase to at least [65535]',
      'listen tcp: address 70707: invalid port',
      'listen tcp: lookup tcp/htttp: unknown port',
      'Error: SyntaxError: failed to parse, ConfigException$Parse: reference.conf: 3: Expecting close brace }',
      'panic: parse "http://[::1": missing \']\' in host',
      'tls: private key does not match public key',
      'tls: failed to find any PEM data in certificate input',
      'java.io.IOException: keystore password was incorrect',
      'open /etc/till/config.yaml: no such file or directory',
      "FileNotFoundError: [Errno 2] No such file or directory: '/srv/till/settings.toml'",
    ],
    alike: [
      'open /etc/till/config.yaml: no such file or directory, using defaults',
      "FileNotFoundError: [Errno 2] No such file or directory: '/srv/till/photo-7.png'",
    ],
  },
  'missing-env': {
    real: [
      '/srv/till/node_modules/settings/index.js:82\n        throw new Error(`Config validation error: ${error.message}`);\n              ^\n\nError: Config validation error: "TILL_URL" is required\n    at load (/srv/till/node_modules/settings/index.js:82:15)',
      'java.util.NoSuchElementException: SRCFG00014: The config property till.url is required but it could not be found in any config source',
      "System.InvalidOperationException: No connection string named 'Ledger' could be found in the application config file.",
      'System.InvalidOperationException: A connection string was not found. Please set your connection string.',
    ],
    alike: ['Error: 7 PERMISSION_DENIED: Missing or insufficient permissions.'],
  },
  'bad-command': {
    real: ["manage.py: error: argument command: invalid choice: 'serv' (choose from run, migrate)"],
    alike: [],
  },
  'permission-denied': {
    real: [
      'su-exec: setgroups(0): Operation not permitted',
      'Cookie file /srv/rabbit/.erlang.cookie must be accessible by owner only',
      'Cannot create or write into the data directory /srv/cloud',
    ],
    alike: ['mount error(13): Permission denied'],
  },
  'port-in-use': { real: ['nginx: [emerg] still could not bind()'], alike: [] },
  'volume-mount-failed': { real: ['mount error(13): Permission denied'], alike: [] },
  'upstream-5xx': {
    real: ['AxiosError: Request failed with status code 500'],
    alike: ['{"statusCode":500,"message":"Internal server error"}'],
  },
};

testSamples(samples);
