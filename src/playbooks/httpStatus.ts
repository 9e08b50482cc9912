import { proof, type Signal } from './playbook';

const url = String.raw`https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?(?<path>\/[^\s?"'\])]*)?`;

/** How HTTP clients of the common languages say that they were answered with a status. */
const sayings: readonly ((status: string) => string)[] = [
  (status) => `Request failed with status code ${status}`, // axios
  (status) => String.raw`${status} (?:Client|Server) Error: [^\n]* for url: ${url}`, // requests
  (status) => String.raw`(?:Client|Server) error '${status} [\w -]*' for url '?${url}`, // httpx
  (status) => String.raw`Http(?:Server|Client)ErrorException(?:\$\w+)?: ${status}`, // RestTemplate
  (status) => String.raw`WebClientResponseException(?:\$\w+)?: ${status} [^\n]*from [A-Z]+ ${url}`,
  (status) => String.raw`FeignException(?:\$\w+)?: \[${status}[^\]]*\] during \[\w+\] to \[${url}`,
  (status) => `Response status code does not indicate success: ${status}`, // .NET
  (status) => `the server responded with (?:a )?status (?:of )?${status}`, // Faraday
  (status) => String.raw`resulted in a .${status}\b`, // Guzzle
  (status) => String.raw`HTTP status (?:server|client) error \(${status}[^)]*\) for url \(${url}`, // reqwest
  (status) => String.raw`Response code ${status} \(`, // got
  (status) => String.raw`The requested URL returned error: ${status}`, // curl -f
  (status) => String.raw`HTTP Error ${status}: \w`, // urllib
  (status) => String.raw`Server returned HTTP response code: ${status} for URL: ${url}`, // HttpURLConnection
  (status) =>
    String.raw`(?:unexpected|bad|invalid|(?:^|[^=])error|non-200|non-2xx|failed with|got|received|returned|responded with|answered with|replied with)(?: HTTP| response| http response)? status(?: ?code)?(?: of)?[ :=]+${status}`,
];

/**
 * Proofs that another service answered with one of these statuses; `statusCode`, and where it is
 * printed `host`, `port` and `path`, become facts.
 * @param code the statuses as a pattern without groups, for example `401` or `5\d\d`
 */
export function answeredWith(code: string, options: Parameters<typeof proof>[1] = {}): Signal[] {
  return sayings.map((saying) =>
    proof(new RegExp(saying(String.raw`(?<statusCode>${code})\b`), 'i'), options),
  );
}
