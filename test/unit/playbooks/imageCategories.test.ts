import { event, testSamples, type Samples } from './samples';

/** What platforms print of an image that does not come, and what only looks like it. */
const samples: Samples = {
  'image-not-found': {
    real: [
      'Error: initializing source docker://helo:latest: reading manifest latest in docker.io/library/helo: requested access to the resource is denied',
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 12.dkr.ecr.us-east-1.amazonaws.com/ingest:prod-881: 12.dkr.ecr.us-east-1.amazonaws.com/ingest:prod-881: not found',
      'Failed to pull image "shop/web:9": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/web:9": failed to resolve reference "docker.io/shop/web:9": docker.io/shop/web:9: not found',
      'docker: Error response from daemon: manifest for shop/web:9 not found: manifest unknown: manifest unknown.',
    ],
    alike: ['Successfully pulled image "shop/web:9" in 1.2s'],
  },
  'image-unauthorized': {
    real: [
      'Failed to pull image "registry.example/web:1": failed to resolve reference "registry.example/web:1": failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
      "Error response from daemon: pull access denied for shop/private, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    ],
    alike: ['POST /login 401 Unauthorized for user 12'],
  },
  'image-registry-unreachable': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example:5000/checkout:1.2": rpc error: code = Unknown desc = failed to pull and unpack image "registry.shop.example:5000/checkout:1.2": failed to resolve reference "registry.shop.example:5000/checkout:1.2": failed to do request: Head "https://registry.shop.example:5000/v2/checkout/manifests/1.2": dial tcp 10.0.0.9:5000: connect: connection refused',
      ),
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.nowhere.example/checkout:1.2": failed to do request: Head "https://registry.nowhere.example/v2/checkout/manifests/1.2": dial tcp: lookup registry.nowhere.example on 10.96.0.10:53: no such host',
      ),
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      'Error: initializing source docker://registry.shop.example:5000/web:1: pinging container registry registry.shop.example:5000: Get "https://registry.shop.example:5000/v2/": dial tcp 10.0.0.9:5000: connect: no route to host',
      'Error response from daemon: Get "https://registry.shop.example:5000/v2/": http: server gave HTTP response to HTTPS client',
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/checkout:1.2": failed to resolve reference "registry.shop.example/checkout:1.2": unexpected status from HEAD request to https://registry.shop.example/v2/checkout/manifests/1.2: 503 Service Unavailable',
      ),
    ],
    alike: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/checkout:9": failed to resolve reference "registry.shop.example/checkout:9": registry.shop.example/checkout:9: not found',
      ),
      'Error: Get "http://inventory:8080/v2/items": dial tcp 10.0.0.4:8080: connect: connection refused',
    ],
  },
  'image-pull-rate-limited': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "redis:7": failed to pull and unpack image "docker.io/library/redis:7": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/redis/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
      ),
      'Error response from daemon: toomanyrequests: Rate exceeded',
      event('Warning', 'Failed', 'Error: ErrImagePull: pull QPS exceeded'),
    ],
    alike: [
      'HTTP 429 Too Many Requests from https://api.mail.example/send',
      '"GET /v2/items HTTP/1.1" 429 12',
    ],
  },
  'image-pull-timeout': {
    real: [
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/ml:9": rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "registry.shop.example/ml:9": failed to copy: httpReadSeeker: failed open: context deadline exceeded',
      ),
      event(
        'Warning',
        'Failed',
        'Failed to pull image "registry.shop.example/ml:9": rpc error: code = Unknown desc = context deadline exceeded',
      ),
    ],
    alike: [
      'Error: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      event(
        'Warning',
        'Unhealthy',
        'Readiness probe failed: Get "http://10.0.0.4:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      ),
    ],
  },
  'image-platform-mismatch': {
    real: [
      'exec /usr/local/bin/checkout: exec format error',
      'standard_init_linux.go:228: exec user process caused: exec format error',
      'docker: no matching manifest for linux/arm64/v8 in the manifest list entries.',
      event(
        'Warning',
        'Failed',
        'Failed to pull image "shop/checkout:1": rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/shop/checkout:1": no match for platform in manifest: not found',
      ),
      'Error: choosing an image from manifest list docker://shop/checkout:1: no image found in manifest list for architecture "arm64", variant "v8", OS "linux"',
    ],
    alike: [
      "WARNING: The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8) and no specific platform was requested",
      'exec /srv/checkout: no such file or directory',
    ],
  },
};

testSamples(samples);
