import { shellPod } from './shellPod';

/**
 * An image registry in the cluster: a pod on the node's own network, from which the node's runtime
 * pulls as from any other. It has one image, `shop:1.0`, made of the programs of the pod itself, and
 * says of every other tag that it does not exist.
 */
export const registry = {
  /** Each name stays with the node as an image, so there are few. */
  name: `127.0.0.1:${25_000 + (process.pid % 20)}/shop`,

  get pod(): string {
    const [, port = ''] = /:(\d+)/.exec(this.name) ?? [];
    return shellPod('registry', serve(port), { port, more: '  hostNetwork: true\n' });
  },
};

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

/** The registry's API is files: `/v2/shop/manifests/1.0`, and the blobs by their digests. */
const serve = (port: string) => `mkdir -p /www/v2/shop/manifests /www/v2/shop/blobs
cd /www/v2/shop/blobs
digest() { sha256sum "$1" | cut -d ' ' -f 1; }
described() { echo "\\"mediaType\\":\\"$1\\",\\"size\\":$(stat -c %s "$2"),\\"digest\\":\\"sha256:$(digest "$2")\\""; }
tar -c -C / bin > layer
arch=$(case $(uname -m) in aarch64) echo arm64;; *) echo amd64;; esac)
echo "{\\"os\\":\\"linux\\",\\"architecture\\":\\"$arch\\",\\"config\\":{},\\"rootfs\\":{\\"type\\":\\"layers\\",\\"diff_ids\\":[\\"sha256:$(digest layer)\\"]}}" > config
echo "{\\"schemaVersion\\":2,\\"mediaType\\":\\"${types.manifest}\\",\\"config\\":{$(described ${types.config} config)},\\"layers\\":[{$(described ${types.layer} layer)}]}" > ../manifests/1.0
cp ../manifests/1.0 ../manifests/sha256:$(digest ../manifests/1.0)
mv config sha256:$(digest config)
mv layer sha256:$(digest layer)
echo '.0:${types.manifest}' > /www.conf
exec httpd -f -p ${port} -h /www -c /www.conf
`;
