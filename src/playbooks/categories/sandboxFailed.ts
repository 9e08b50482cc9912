import { askDescribe, askEvents, describePod, recentEvents, who } from '../commands';
import { fact, symptom, type Playbook } from '../playbook';

/** The node itself is not ready as long as its network is not. */
const ofNode = /NetworkReady=false|NetworkPluginNotReady/i;

export const sandboxFailed: Playbook = {
  category: 'sandbox-failed',
  layer: 'origin',
  severity: 'high',
  signals: [
    fact(/Failed(?: to)? create (?:a )?pod sandbox/i, { weight: 0.95, unless: ofNode }),
    fact(/failed to create (?:the )?sandbox (?:for|container)|RunPodSandbox .*failed/i, {
      unless: ofNode,
    }),
    fact(/CreatePodSandbox\w* for pod .*failed/i, { unless: ofNode }),
    fact(/failed to (?:setup|set ?up) network for (?:pod )?sandbox/i, { weight: 0.95 }),
    fact(
      /failed to (?:setup|set ?up) pod (?:network|"?[\w.-]+"? network)|error adding pod \S+ to CNI network/i,
    ),
    fact(/failed to get sandbox image/i),
    fact(/failed to reserve sandbox name/i, { weight: 0.8 }),
    fact(
      /no (?:available IPs|IP addresses available in (?:range|network))|failed to allocate for range \d/i,
    ),
    fact(/failed to assign an IP address to container/i, { weight: 0.95 }),
    fact(/could not find an available, non-overlapping IPv4 address pool/i),
    fact(/all predefined address pools have been fully subnetted/i),
    fact(/failed to create endpoint \S+ on network/i, {
      unless: /port is already allocated|address already in use|bind for/i,
    }),
    symptom(/Pod sandbox changed, it will be killed and re-created/i, { weight: 0.1 }),
    fact(/failed to find plugin "[\w-]+" in path|plugin type="[\w-]+"[^\n]{0,80} failed \(add\)/i, {
      unless: ofNode,
    }),
    fact(/nvidia-container-cli: [\w ]*error|could not select device driver/i),
    fact(
      /(?:container init|runc create|runtime create)[^\n]{0,400}(?:write sysctl key|setting cgroup config|apply cgroup configuration)/i,
      { weight: 0.9 },
    ),
    // Podman, and the firewall rules that an engine could not write
    fact(/\bnetavark: |\bsd-bus call: |apply apparmor profile/i, { weight: 0.9 }),
    fact(
      /\bfailed to start shim: [^\n]{0,60}"containerd-shim-[\w-]{1,40}": executable file not found/i,
      { weight: 0.95 },
    ),
    fact(/\bfailed to launch qemu\b|\bfailed to initialize KVM: /i, { weight: 0.85 }), // Kata
    // Plugins of the network: OVN, bridge, DANM, Calico
    fact(/\bfailed to configure pod interface: |\bfailed to set bridge addr: /i),
    fact(/\bCNI network could not be set up: |\bCNI delegation failed due to error/i),
    fact(/\bstat \/var\/lib\/calico\/nodename: no such file or directory/i),
  ],
  keywords: ['kubernetes', 'network', 'cni'],
  summary: (situation) => {
    const plugin = /plugin type="?\\*"?([\w-]+)/i.exec(situation.proof)?.[1];
    const full = /no available IPs|no IP addresses available|failed to assign an IP|address pool/i;
    const why = full.test(situation.proof)
      ? ' no address is left to give it'
      : plugin
        ? ` the network plugin ${plugin} fails`
        : ' the runtime cannot make its sandbox';
    return `${who(situation)} cannot start:${why}.`;
  },
  questions: (situation) => [
    ...askEvents(situation, 'shows whether other pods of the node fail in the same way'),
    ...askDescribe(situation, 'shows what the sandbox fails of'),
  ],
  collect: (situation) => [describePod(situation), recentEvents(situation)],
  advice: (situation) => ({
    summary:
      'Mend the network plugin or the runtime of the node: its agent runs there, its configuration is in /etc/cni/net.d, and its range still has addresses.',
    commands: [
      { title: 'See what the sandbox fails of', command: describePod(situation) },
      {
        title: 'See whether the network’s agents run',
        command: 'kubectl get pods -n kube-system -o wide',
      },
    ],
  }),
};
