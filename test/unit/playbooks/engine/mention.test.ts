import { describe, expect, it } from 'vitest';
import { analyse } from '../../../../src/playbooks/analyse';
import { evidence } from '../evidence';

const categoryOf = (text: string): string | null => analyse([evidence(text)]).category;

describe('a failure that is only named', () => {
  it.each([
    '10.1.1.1 - - [05/Jan/2026:10:00:00 +0000] "GET /docs/oom-killed HTTP/1.1" 200 5120',
    '10.1.1.1 - - [05/Jan/2026:10:00:04 +0000] "GET /search?q=ENOSPC HTTP/1.1" 200 9',
    '"GET /kb/certificate-has-expired HTTP/2" 200 - 0 512 3 2 "-" "curl"',
    '{"method":"GET","path":"/kb/oom-killed-pods","status":200,"ms":4}',
    'aws_cloudwatch_metric_alarm.oom_killed: Refreshing state... [id=oom-killed-alarm]',
    'Run ./ci/e2e.sh --suite oom-killed\nsuite oom-killed: 4 passed',
    'kube_pod_container_status_last_terminated_reason{pod="a",reason="OOMKilled"} 0',
    '    expr: kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1',
    'a81c2f0 fix: no space left on device when unpacking',
    '    memory: 512Mi # raised after the pod was OOMKilled',
    'ticket 4411 created: "pods OOMKilled in staging"',
  ])('is none: %s', (line) => {
    expect(analyse([evidence(line)]).verdict).not.toBe('incident');
  });

  it.each([
    ['oom-killed', 'ERROR agent: container web ended, reason=OOMKilled'],
    ['oom-killed', '"State": {"Status": "exited", "Running": false, "OOMKilled": true}'],
    ['oom-killed', 'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} 1'],
    ['oom-killed', 'ERROR agent: worker 7 was oom-killed'],
    ['disk-full', 'ERROR write failed: -ENOSPC'],
    ['disk-full', '"POST /upload HTTP/1.1" 500 12 write /data/a: no space left on device'],
  ])('is one where it happened: %s', (category, line) => {
    expect(categoryOf(line)).toBe(category);
  });
});
