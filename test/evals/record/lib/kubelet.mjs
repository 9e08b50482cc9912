// A real kubelet with a containerd of its own, beside whatever else runs on this host: own cgroups,
// own images, own pod network. It joins the control plane of `plane()`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kube } from './plane.mjs';
import { run, until, words } from './shell.mjs';

const image = 'docker.io/node/tools:1';

/**
 * Starts them in the folder of the plane.
 * @param {Awaited<ReturnType<typeof import('./plane.mjs').plane>>} plane
 * @param {{ host: string, evictionHard: Record<string, string>, format?: 'text' | 'json' }} options
 */
export async function kubeletOn({ folder, start }, { host, evictionHard, format = 'text' }) {
  const own = (name) => join(folder, name);
  const socket = own('run/containerd.sock');
  const ctr = (line) => run('ctr', ['-a', socket, '-n', 'k8s.io', ...words(line)]);
  for (const name of ['cni', 'run', 'image/bin', 'logs'])
    await mkdir(own(name), { recursive: true });
  await writeFile(own('cni/10-ptp.conflist'), JSON.stringify(network(own('run/ipam'))));
  await writeFile(own('containerd.toml'), containerd(own, socket));
  await writeFile(own('kubelet.yaml'), settings(socket, own('logs'), evictionHard, format));
  const runtime = start('containerd', 'containerd', ['--config', 'containerd.toml']);
  await until(async () => (await ctr('version')).code === 0, { seconds: 30, what: 'containerd' });
  await run('cp', [(await run('which', ['busybox'])).text.trim(), own('image/bin/busybox')]);
  for (const name of ['sh', 'sleep', 'dd'])
    await run('ln', ['-sf', 'busybox', own(`image/bin/${name}`)]);
  await run('sh', [
    '-c',
    `tar -C ${own('image')} -cf - . | docker import -c 'CMD ["/bin/sleep","864000"]' - ${image} && docker save ${image} -o ${own('image.tar')}`,
  ]);
  await ctr(`images import ${own('image.tar')}`);
  const kubelet = start(
    'kubelet',
    'unshare',
    words(
      `--uts sh -c 'hostname ${host}; exec "$@"' sh ${kube} kubelet --config kubelet.yaml --kubeconfig config ` +
        `--root-dir ${own('kubelet')} --cert-dir ${own('kubelet-pki')} --hostname-override ${host} --node-ip 10.244.255.1`,
    ),
  );
  const end = async () => {
    kubelet.kill('SIGKILL');
    const ids = async (line) => (await ctr(line)).text.split('\n').filter(Boolean);
    for (const id of await ids('tasks ls -q')) await ctr(`tasks rm -f ${id}`);
    for (const id of await ids('containers ls -q')) await ctr(`containers rm ${id}`);
    runtime.kill('SIGKILL');
    const mounts = (await run('cat', ['/proc/mounts'])).text
      .split('\n')
      .map((line) => line.split(' ')[1]);
    for (const mount of mounts.filter((it) => it?.startsWith(folder)).reverse())
      await run('umount', ['-l', mount]);
    await run('docker', ['rmi', image]);
  };
  return { end };
}

const network = (dataDir) => ({
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    { type: 'ptp', ipam: { type: 'host-local', ranges: [[{ subnet: '10.245.0.0/24' }]], dataDir } },
  ],
});
const containerd = (own, socket) => `version = 2
root = "${own('containerd')}"
state = "${own('run/containerd')}"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${image}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${own('cni')}"
`;
// No cgroups by quality of service: a kubelet beside this one would find pods there that it does not know.
const settings = (socket, logs, evictionHard, format) => `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
containerRuntimeEndpoint: unix://${socket}
failSwapOn: false
port: 10260
healthzPort: 0
podLogsDir: ${logs}
evictionHard: ${JSON.stringify(evictionHard)}
evictionPressureTransitionPeriod: 30s
imageGCHighThresholdPercent: 100
imageMaximumGCAge: 0s
makeIPTablesUtilChains: false
logging: { format: ${format} }
`;
