/** Programs of the platform, which are never the affected application. */
const platform =
  /^(?:kernel|systemd(?:-\w+)?|kubelet|k3s|dockerd?|containerd|crio|init|cron|sudo|sshd|audit\w*|rsyslogd|dbus\S*|docker-compose|compose|kube-\w+|default-scheduler|apt\S*|dhclient|NetworkManager|root|main|app|server|stdout|stderr|node|python\d?|java|sh|bash|curl|wget|\d+)$/i;

/** Words that stand where a program's name may stand: kinds of servers, libraries, folders, levels. */
const generic =
  /^(?:apps?|logs?|pods?|describe\w*|events?|previous|prev|current|stdout|stderr|out|err|errors?|container|docker|journal(?:ctl|d)?|kubectl|kubernetes|k8s|syslog|messages|mail|maillog|cron|daemon|auth|kern|local[0-7]|output|console|text|selection|terminal|clipboard|kernel|dmesg|inspect|yaml|json|status|metrics|stats|top|evidence|get|all|namespace|compose|systemd|service|deployment|nodes?|pvc|cpu|memory|cgroup|run|restart|last|start|build|test|input|stdin|supervisord?|file|log1|wide|o|before|after|pull|image|net|network|access|deploy\w*|worker|run|stack|current|release|localhost|applications?|services|nginx|redis|postgresql|postgres|mysql|mariadb|haproxy|gunicorn|uwsgi|tomcat|spring|express|uvicorn|memcached|rabbitmq|kafka|envoy|traefik|php|php-fpm|fpm|ruby|node|python|java|openjdk|jdk|go|npm|user|system|entrypoint|init|start|main|server|http|report|client|config|level|info|warn|error|fatal|debug|warning|time|msg|ssl|tls|certs?|pki|private|docker|containers|kubelet|rancher|cni|dpkg|apt|data|tmp|lib|local|share|secrets?|cache|conf|postgres\w*|letsencrypt|ca-certificates|db|src|dist|public|node_modules|argocd|bin|lib|vendor|thread|exception|traceback|loading|runtime|nomad|podman|crio|at|in|on|the|from|to|and|is|not|for|with|a|an|no|body|sbatch|srun|boot|bootstrap-server|monitor|subscriber|incoming|alembic|alembic\w*|agent|job|task|process|scheduler|session|connection|thread|daemon|work|api|handler|middleware|router|database|store|django|flask|werkzeug|celery|kombu|sqlalchemy|urllib3|requests|asyncio|aiohttp|httpx|hyper|h2|tower|tokio|sqlx|reqwest|rails|activerecord|puma|sidekiq|unicorn|rack|hikari|hibernate|catalina|jetty|netty|akka|micronaut|quarkus|scheduling|www|stdlib|lib\w*|site-packages|dist-packages|core|common|shared|index|dockerfile|production|development|staging|method|request|response|url|path|host|port|query|queue|queues|user|users|key|value|id|name|type|code|status|reason|failed|failure|success|connected|connecting|listening|received|sending|sent|processing|processed|retry|retrying|using|set|cannot|could|unable|invalid|unknown|missing|no|new|old|this|that|it|we)$/i;

/** True for the name of a program of the platform. */
export function isPlatform(name: string): boolean {
  return platform.test(name);
}

/** True for a word that names no application: a kind of server, a library, a folder, a level. */
export function isGeneric(name: string): boolean {
  return generic.test(name);
}

/** True for a word that is no application's own. */
export function isCommonName(name: string): boolean {
  return platform.test(name) || generic.test(name);
}
