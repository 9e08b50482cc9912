import { testSamples, type Samples } from './samples';

/** What programs print of the services that they call, in the words of many client libraries. */
const samples: Samples = {
  'connection-timeout': {
    real: [
      'Error: connect ETIMEDOUT 10.20.0.9:8443\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)',
      'ConnectTimeoutError: Connect Timeout Error (attempted address: billing.shop:8080, timeout: 10000ms)',
      'Get "http://inventory:8080/items": dial tcp 10.0.0.9:8080: i/o timeout (Client.Timeout exceeded while awaiting headers)',
      "requests.exceptions.ConnectTimeout: HTTPConnectionPool(host='inventory', port=8080): Max retries exceeded with url: / (Caused by ConnectTimeoutError(<urllib3.connection.HTTPConnection object>, 'Connection to inventory timed out. (connect timeout=5)'))",
      'org.apache.http.conn.ConnectTimeoutException: Connect to inventory:8080 [inventory/10.0.0.9] failed: connect timed out',
      'java.net.SocketTimeoutException: connect timed out',
      'Net::OpenTimeout: Failed to open TCP connection to inventory:8080 (execution expired)',
      'cURL error 28: Connection timed out after 5001 milliseconds (see https://curl.haxx.se/libcurl/c/libcurl-errors.html) for http://inventory/',
      'error sending request for url (http://inventory/): error trying to connect: tcp connect error: Connection timed out (os error 110)',
      'System.Net.Http.HttpRequestException: A connection attempt failed because the connected party did not properly respond after a period of time (inventory:8080)',
      '2026/11/21 12:00:00 [error] 7#7: *1 upstream timed out (110: Connection timed out) while connecting to upstream, client: 10.0.0.1, upstream: "http://10.0.0.9:8080/x"',
    ],
    alike: [
      '2026/11/21 12:00:00 [error] 7#7: *1 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.0.1, upstream: "http://10.0.0.9:8080/x"',
      'dial tcp: lookup inventory on 10.96.0.10:53: read udp 10.0.0.3:5000->10.96.0.10:53: i/o timeout',
      'INFO connection timeout set to 5000 ms',
      'Error: connect ETIMEDOUT 10.0.0.4:5432',
      'INFO pool stats: timeouts=0 errors=0',
    ],
  },
  'connection-reset': {
    real: [
      'Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:217:20)',
      'Error: socket hang up',
      'Get "http://inventory:8080/items": EOF',
      'Post "http://inventory:8080/items": read tcp 10.0.0.3:4242->10.0.0.9:8080: read: connection reset by peer',
      "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
      'aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected',
      'org.apache.http.NoHttpResponseException: inventory:8080 failed to respond',
      'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed BEFORE response',
      'System.IO.IOException: Unable to read data from the transport connection: Connection reset by peer.',
      'curl: (52) Empty reply from server',
      'hyper::Error(IncompleteMessage): connection closed before message completed',
      '2026/11/21 12:00:00 [error] 7#7: *1 upstream prematurely closed connection while reading response header from upstream, client: 10.0.0.1, upstream: "http://10.0.0.9:8080/x"',
    ],
    alike: [
      'LOG:  could not receive data from client: Connection reset by peer',
      'INFO client 10.0.0.1 closed connection: connection reset by peer',
      'sshd[812]: Connection reset by 203.0.113.9 port 4022 [preauth]',
      '2026/11/21 12:00:00 [info] 7#7: *1 client prematurely closed connection while reading client request line',
    ],
  },
  'tls-expired': {
    real: [
      "Error: certificate has expired\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1679:34) {\n  code: 'CERT_HAS_EXPIRED'\n}",
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)',
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-21T10:00:00Z is after 2026-11-01T00:00:00Z',
      'Caused by: java.security.cert.CertificateExpiredException: NotAfter: Sun Nov 01 00:00:00 UTC 2026',
      'The remote certificate is invalid because of errors in the certificate chain: NotTimeValid',
      'invalid peer certificate: certificate expired: verification time 1795255200 (UNIX), but certificate is not valid after 1793491200',
      'SSL_do_handshake() failed (SSL: error:0A000415:SSL routines::sslv3 alert certificate expired:SSL alert number 45)',
    ],
    alike: [
      'WARN certificate for shop.example will expire in 12 days',
      'INFO certificate renewed, not expired',
      'Error: self-signed certificate in certificate chain',
    ],
  },
  'tls-untrusted': {
    real: [
      "Error: unable to verify the first certificate\n  code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'",
      'x509: certificate signed by unknown authority',
      'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
      'curl: (60) SSL certificate problem: unable to get local issuer certificate',
      'The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot',
      'SSL_connect returned=1 errno=0 state=error: certificate verify failed (self signed certificate)',
      'invalid peer certificate: UnknownIssuer',
    ],
    alike: [
      'INFO generated a new self-signed certificate for localhost',
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1000)',
      "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'pay'. (_ssl.c:1000)",
    ],
  },
  'tls-name-mismatch': {
    real: [
      "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: pay.shop. is not in the cert's altnames: DNS:billing.shop",
      "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'pay'. (_ssl.c:1000)",
      'tls: failed to verify certificate: x509: certificate is valid for billing.shop, localhost, not pay.shop',
      "x509: cannot validate certificate for 10.0.0.9 because it doesn't contain any IP SANs",
      'java.security.cert.CertificateException: No subject alternative DNS name matching pay.shop found.',
      "Certificate for <pay.shop> doesn't match any of the subject alternative names: [billing.shop]",
      'psql: error: connection to server at "db" (10.0.0.4), port 5432 failed: server certificate for "billing" does not match host name "db"',
      "curl: (60) SSL: no alternative certificate subject name matches target host name 'pay.shop'",
    ],
    alike: ['x509: certificate signed by unknown authority', 'INFO host name matches certificate'],
  },
  'upstream-5xx': {
    real: [
      'price list from http://prices.partner.example/list: 502 Bad Gateway',
      'ERROR tariff of https://tariffs.example not read, 503 Service Temporarily Unavailable',
      'AxiosError: Request failed with status code 503',
      'requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: http://inventory:8080/items/7',
      'Feign.FeignException$ServiceUnavailable: [503] during [GET] to [http://inventory/items] [InventoryClient#items()]: [down]',
      'org.springframework.web.client.HttpServerErrorException$InternalServerError: 500 Internal Server Error: "boom"',
      'ERROR checkout: inventory service returned HTTP 502',
      'System.Net.Http.HttpRequestException: Response status code does not indicate success: 500 (Internal Server Error).',
      'HTTP status server error (503 Service Unavailable) for url (http://inventory/items)',
    ],
    alike: [
      'INFO GET /cart 200 5ms',
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
      'AxiosError: Request failed with status code 404',
    ],
  },
  unauthorized: {
    real: [
      'AxiosError: Request failed with status code 401',
      'requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.billing.example/v1/charges',
      'An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.',
      'redis.exceptions.AuthenticationError: invalid username-password pair or user is disabled.',
      'ReplyError: NOAUTH Authentication required.',
      "pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.'",
      'org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512',
      'rpc error: code = Unauthenticated desc = invalid token',
      'smtplib.SMTPAuthenticationError: (535, b"5.7.8 Error: authentication failed")',
    ],
    alike: [
      'INFO POST /login 401 12ms',
      'FATAL:  password authentication failed for user "shop"',
      'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
    ],
  },
  forbidden: {
    real: [
      'requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://api.billing.example/v1/refunds',
      'User: arn:aws:iam::111122223333:user/shop is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::shop-exports/a.csv',
      'botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
      'ERROR:  permission denied for table orders',
      "ERROR 1142 (42000): INSERT command denied to user 'shop'@'10.0.0.3' for table 'orders'",
      'org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [orders]',
      'rpc error: code = PermissionDenied desc = missing scope',
      "NOPERM this user has no permissions to run the 'flushall' command",
    ],
    alike: [
      'INFO POST /admin 403 2ms',
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:shop:web" cannot list resource "pods"',
      'pods "web-1" is forbidden: exceeded quota: small, requested: cpu=1',
    ],
  },
  'database-auth': {
    real: [
      'FATAL:  password authentication failed for user "shop"',
      'FATAL:  no pg_hba.conf entry for host "10.0.0.3", user "shop", database "orders", no encryption',
      "pymysql.err.OperationalError: (1045, \"Access denied for user 'shop'@'10.0.0.3' (using password: YES)\")",
      'MongoServerError: Authentication failed.',
      "Login failed for user 'shop'.",
      'ORA-01017: invalid username/password; logon denied',
      'Error: P1000: Authentication failed against database server at `db`, the provided database credentials for `shop` are not valid.',
    ],
    alike: [
      'INFO connection authorized: user=shop database=orders',
      'Redis NOAUTH Authentication required.',
    ],
  },
  'database-connections-exhausted': {
    real: [
      'psycopg2.OperationalError: connection to server at "db" (10.0.0.4), port 5432 failed: FATAL:  sorry, too many clients already',
      'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
      'Error: ER_CON_COUNT_ERROR: Too many connections',
      'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
      'HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=25)',
      'Timed out fetching a new connection from the connection pool. (Current connection pool timeout: 10, connection limit: 5)',
      "The connection pool has been exhausted, either raise 'Max Pool Size' (currently 20) or 'Timeout' (currently 15 seconds)",
      'ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds (waited 5.001 seconds); all pooled connections were in use',
    ],
    alike: [
      'HikariPool-1 - Connection is not available, request timed out after 30000ms (total=0, active=0, idle=0, waiting=3)',
      'INFO pool: max_connections=100',
      'limiting: too many connections from upstream client',
    ],
  },
  'database-locked': {
    real: [
      'sqlite3.OperationalError: database is locked',
      'SqliteError: SQLITE_BUSY: database is locked',
      'ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction',
      'ERROR:  canceling statement due to lock timeout',
      'liquibase.exception.LockException: Could not acquire change log lock.  Currently locked by web-1 (10.0.0.3) since 11/21/26',
    ],
    alike: [
      'INFO account 12 is locked',
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12',
    ],
  },
  'database-deadlock': {
    real: [
      'ERROR:  deadlock detected\nDETAIL:  Process 812 waits for ShareLock on transaction 7001; blocked by process 815.',
      'Deadlock found when trying to get lock; try restarting transaction',
      'Transaction (Process ID 57) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
      'ORA-00060: deadlock detected while waiting for resource',
    ],
    alike: ['fatal error: all goroutines are asleep - deadlock!', 'INFO deadlock_timeout = 1s'],
  },
};

testSamples(samples);
