/** Programs of the platform, which are never the affected application. */
const platform =
  /^(?:kernel|systemd(?:-\w+)?|kubelet|k3s|dockerd?|containerd|crio|init|cron|sudo|sshd|audit\w*|rsyslogd|dbus\S*|docker-compose|compose|kube-\w+|default-scheduler|apt\S*|dhclient|NetworkManager|root|main|app|server|stdout|stderr|node|python\d?|java|sh|bash|curl|wget|\d+)$/i;

/** How a workload, a machine and its parts are called. */
const kinds = `
  agent api app application applications apps argocd bootstrap-server cache cgroup client cni
  compose connection container containers cpu crio cron daemon database db deployment docker
  handler host image job k8s kernel kubectl kubelet kubernetes localhost memory middleware
  monitor namespace net network node nodes nomad pod podman pods port process pvc queue queues
  rancher router sbatch scheduler server service services session srun stack store subscriber
  supervisor supervisord system systemd task tasks thread user users worker
`;

/** What a file with evidence is called, and the folders on the way to it. */
const files = `
  after all apt auth before bin clipboard common conf config console consumer-groups core current data
  development dist dist-packages dmesg dockerfile dpkg err event events evidence file get index
  input inspect journal journalctl journald json kern last lib local log log1 logs mail maillog
  messages metrics node_modules o out output prev previous private production public report
  secret secrets selection share shared site-packages src staging stats status stderr stdin
  stdlib stdout syslog terminal text tmp top vendor wide www yaml
`;

/** Well-known servers, runtimes, libraries, and what certificates are called. */
const programs = `
  activerecord aiohttp akka alembic asyncio ca-certificates catalina celery cert certs django
  envoy express flask fpm go gunicorn h2 haproxy hibernate hikari http httpx hyper java jdk jetty
  kafka kombu letsencrypt mariadb memcached micronaut mysql netty nginx npm openjdk php php-fpm
  pki postgres postgresql puma python quarkus rabbitmq rack rails redis requests reqwest ruby
  sidekiq spring sqlalchemy sqlx ssl tls tokio tomcat tower traefik unicorn urllib3 uvicorn uwsgi
  werkzeug
`;

/** Words with which a sentence or a column begins. */
const words = `
  a access an and at body boot build cannot code connected connecting could debug entrypoint
  error errors exception failed failure fatal for from id in incoming info init invalid is it key
  level listening loading main method missing msg name new no not old on path processed
  processing pull query reason received release request response restart retry retrying run
  runtime scheduling sending sent set start success test that the this time to traceback type
  unable unknown url using value warn warning we with work
`;

/** Libraries that say their version, and what the head of a line is about; a file may be named so. */
const topics = `
  appdynamics connect consumer datadog ddtrace dial duration dynatrace elapsed flyway getaddrinfo
  liquibase log4j logback login lookup migration migrations newrelic openssl opentelemetry otel
  password pino pq producer psycopg psycopg2 reading sentry uptime uvloop winston
`;

/** Words that stand where a program's name may stand, in lower case. */
const generic = setOf(kinds, files, programs, words);
const ofText = setOf(topics);
const genericForm = /^(?:(?:alembic|deploy|describe|lib|postgres)\w*|local[0-7])$/i;

function setOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.trim().split(/\s+/)));
}

/** True for the name of a program of the platform. */
export function isPlatform(name: string): boolean {
  return platform.test(name);
}

/** True for a word that names no application: a kind of server, a library, a folder, a level. */
export function isGeneric(name: string): boolean {
  return generic.has(name.toLowerCase()) || genericForm.test(name);
}

/** True for a word of a line that is no application's own. */
export function isCommonName(name: string): boolean {
  return isPlatform(name) || isGeneric(name) || ofText.has(name.toLowerCase());
}
