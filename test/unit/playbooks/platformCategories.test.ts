import { event, testSamples, type Samples } from './samples';

/** What platforms print of probes, access, routes and rollouts, and what only looks like it. */
const samples: Samples = {
  'sandbox-failed': {
    real: [
      event(
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "9f2c": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
      ),
      event(
        'Warning',
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.k8s.io/pause:3.9": failed to pull image: dial tcp: lookup registry.k8s.io: no such host',
      ),
      'Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    ],
    alike: [
      event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.'),
    ],
  },
  'missing-config-ref': {
    real: [
      'service "api" refers to undefined secret token: invalid compose project',
      '  Warning  Failed     4s (x8 over 88s)   kubelet  Error: secret "notifier-smtp" not found\n  Normal   Pulled     4s (x8 over 88s)   kubelet  Container image "acme/notifier:3" already present on machine',
      event('Warning', 'Failed', 'Error: configmap "checkout-config" not found'),
      event('Warning', 'Failed', "Error: couldn't find key password in Secret shop/db"),
    ],
    alike: [
      event(
        'Warning',
        'FailedToRetrieveImagePullSecret',
        'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
      ),
    ],
  },
  'forbidden-rbac': {
    real: [
      'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:shop:web" cannot list resource "pods" in API group "" in the namespace "shop"',
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps \\"leader\\" is forbidden: User \\"system:serviceaccount:shop:default\\" cannot get resource \\"configmaps\\" in API group \\"\\" in the namespace \\"shop\\"","reason":"Forbidden","details":{"name":"leader","kind":"configmaps"},"code":403}',
      'Forbidden!Configured service account doesn\'t have access. Service account may have been revoked. jobs.batch is forbidden: User "system:serviceaccount:shop:web" cannot create resource "jobs"',
    ],
    alike: ['pods "web-1" is forbidden: exceeded quota: small, requested: cpu=1'],
  },
  'liveness-failed': {
    real: [
      event(
        'Warning',
        'Unhealthy',
        'Liveness probe failed: HTTP probe failed with statuscode: 500',
      ),
      'Nov 21 10:00:00 host systemd[1]: checkout.service: Watchdog timeout (limit 30s)!',
    ],
    alike: ['GET /livez 200 1ms'],
  },
  'readiness-failed': {
    real: [
      '0 Backend_health - boot.prices Went sick 4---X-R- 1 2 4 0.001 0.002 "HTTP/1.1 503 Service Unavailable"',
      '0 Backend_health - prices Still sick -------- 0 2 4 0.000 0.006 "Open error 111 (Connection refused)"',
      'Container failed readiness probe 9 times',
      '[WARNING] Health check for server be/app1 failed, reason: Layer4 connection problem',

      event(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: Get "http://10.1.0.9:8080/ready": context deadline exceeded',
      ),
      '[WARNING] (1) : Server shop/a is DOWN, reason: Layer7 wrong status, code: 503, check duration: 2ms.',
    ],
    alike: [
      '[WARNING] (1) : Server shop/a is DOWN, reason: Layer7 wrong status, code: 503\n[WARNING] (1) : Server shop/a is UP, reason: Layer7 check passed, code: 200',
    ],
  },
  'startup-failed': {
    real: [
      event(
        'Warning',
        'Unhealthy',
        'Startup probe failed: Get "http://10.0.0.4:8080/healthz": dial tcp 10.0.0.4:8080: connect: connection refused',
      ),
      'Nov 21 10:00:00 host systemd[1]: checkout.service: start operation timed out. Terminating.',
    ],
    alike: [
      event(
        'Warning',
        'Unhealthy',
        'Liveness probe failed: HTTP probe failed with statuscode: 500',
      ),
      'INFO startup probe path is /healthz',
    ],
  },
  'job-deadline-exceeded': {
    real: [
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: run-wlsbn\nstatus:\n  phase: Failed\n  reason: DeadlineExceeded\n',
      event('Warning', 'DeadlineExceeded', 'Job was active longer than specified deadline'),
      'slurmstepd: error: *** JOB 91 ON node1 CANCELLED AT 2026-11-21T10:00:00 DUE TO TIME LIMIT ***',
      '2026-11-21T10:00:03Z 7f0c Task timed out after 3.00 seconds',
      'ERROR: Job failed: execution took longer than 1h0m0s seconds',
    ],
    alike: [
      'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      event('Warning', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'),
    ],
  },
  'admission-denied': {
    real: [
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      ),
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: maximum memory usage per Container is 512Mi, but limit is 2Gi',
      ),
      'Error from server: error when creating "a.yaml": admission webhook "validate.kyverno.svc-fail" denied the request: resource Pod/shop/web was blocked due to the following policies',
    ],
    alike: [
      'Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      event(
        'Warning',
        'FailedCreate',
        'Error creating: pods "checkout-1" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1',
      ),
    ],
  },
  'webhook-unavailable': {
    real: [
      'Error from server (InternalError): error when creating "a.yaml": Internal error occurred: failed calling webhook "validate.policy.example": failed to call webhook: Post "https://policy.ops.svc:443/validate?timeout=5s": dial tcp 10.96.0.9:443: connect: connection refused',
      event(
        'Warning',
        'FailedCreate',
        'Error creating: Internal error occurred: failed calling webhook "inject.mesh.example": failed to call webhook: Post "https://mesh.mesh.svc:443/inject": no endpoints available for service "mesh"',
      ),
    ],
    alike: [
      'admission webhook "validate.policy.example" denied the request: no owner label',
      'ERROR payment webhook returned 500',
    ],
  },
  'control-plane-unavailable': {
    real: [
      'The connection to the server 10.0.0.1:6443 was refused - did you specify the right host or port?',
      'Unable to connect to the server: net/http: TLS handshake timeout',
      'Error from server: etcdserver: request timed out',
      'E1121 10:00:00.000000       1 leaderelection.go:332] error retrieving resource lock kube-system/shop: Get "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/shop": dial tcp 10.96.0.1:443: connect: connection refused',
    ],
    alike: [
      'Error: connect ECONNREFUSED 10.0.0.4:8080',
      'Unable to connect to the server: x509: certificate has expired or is not yet valid',
    ],
  },
  'network-policy-blocked': {
    real: [
      '{"verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED","source":{"pod_name":"cart-1"}}',
      'xx drop (Policy denied) flow 0x0 to endpoint 812, identity 4->5: 10.0.1.2:4312 -> 10.0.1.9:8080 tcp SYN',
      'ERROR call of stock failed: timed out\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\n  namespace: shop\nspec:\n  podSelector: {}\n  policyTypes:\n  - Egress',
    ],
    alike: ['ERROR call of stock failed: timed out', 'INFO network policy default-deny applied'],
  },
  'ingress-misconfigured': {
    real: [
      'Name:             web\nLabels:           <none>\nNamespace:        shop\nAddress:          \nIngress Class:    nginx\nDefault backend:  <default>\nRules:\n  Host        Path  Backends\n  ----        ----  --------\n  a.test      \n              /x   gone:80 (<error: services "gone" not found>)\nAnnotations:  <none>\nEvents:       <none>',
      'W1121 10:00:00.000000       7 controller.go:1112] Error obtaining Endpoints for Service "shop/web": no object matching key "shop/web" in local store',
      'NAME      CLASS   HOSTS    ADDRESS   PORTS   AGE\nbooking   inner   a.test             80      24s\n\nNAME    CONTROLLER             PARAMETERS   AGE\nouter   k8s.io/ingress-nginx   <none>       27s',
    ],
    alike: [
      'NAME      CLASS   HOSTS    ADDRESS    PORTS   AGE\nbooking   outer   a.test   10.0.0.1   80      24s\n\nNAME    CONTROLLER             PARAMETERS   AGE\nouter   k8s.io/ingress-nginx   <none>       27s',
      '10.0.0.1 - - "GET /nothing HTTP/1.1" 404 12',
    ],
  },
  'no-endpoints': {
    real: [
      'W1121 10:00:00.000000       7 controller.go:1232] Service "shop/web" does not have any active Endpoint.',
      'NAME            ENDPOINTS   AGE\nendpoints/web   <none>      28s',
      'Name:                     web\nNamespace:                shop\nLabels:                   <none>\nSelector:                 app=webb\nType:                     ClusterIP\nPort:                     <unset>  80/TCP\nEndpoints:                \nSession Affinity:         None\nEvents:                   <none>',
      'Name: web\nNamespace: shop\nCluster IP: 10.9.0.1\nPorts: 80->http/TCP\nSelector: app=web\nEndpoints: none: no pod of the selector has a port named http\nEvents: <none>',
    ],
    alike: [
      'NAME   ENDPOINTS        AGE\nweb    10.0.0.4:8080    28s',
      'Name: web\nNamespace: shop\nCluster IP: 10.9.0.1\nPorts: 80->http/TCP\nSelector: app=web\nEndpoints:\n  10.0.0.4:8080  ready  web-1\nEvents: <none>',
    ],
  },
  'deploy-sync-failed': {
    real: [
      'time="2026-11-10T07:00:00Z" level=info msg="Sync operation to 9abc failed: one or more tasks completed unsuccessfully" application=argocd/frontend',
      'network "edge-ingress" is declared as external, but could not be found.',
      'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
      'Error: INSTALLATION FAILED: YAML parse error on web/templates/deployment.yaml: error converting YAML to JSON: yaml: line 12: did not find expected key',
      event(
        'Warning',
        'BuildFailed',
        'kustomize build failed: accumulating resources: evalsymlink failure',
      ).replace('pod/', 'kustomization/'),
    ],
    alike: ['Release "web" has been upgraded. Happy Helming!'],
  },
  'rollout-blocked': {
    real: [
      'error: deployment "checkout" exceeded its progress deadline',
      "error: unable to drain node: Cannot evict pod as it would violate the pod's disruption budget.",
    ],
    alike: ['deployment "checkout" successfully rolled out'],
  },
  'autoscaler-failed': {
    real: [
      event(
        'Warning',
        'FailedGetResourceMetric',
        'failed to get cpu utilization: missing request for cpu in container checkout of Pod checkout-7d9f8c6b5d-x2x9z',
      ),
      event(
        'Warning',
        'FailedGetResourceMetric',
        'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
      ),
    ],
    alike: [
      'NAME   REFERENCE        TARGETS        MINPODS   MAXPODS   REPLICAS   AGE\nweb    Deployment/web   cpu: 20%/50%   1         3         1          27s',
    ],
  },
};

testSamples(samples);
