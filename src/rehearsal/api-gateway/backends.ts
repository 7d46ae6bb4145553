import type { EndpointRequest } from "./endpoint-request";

/** What is called in place of the addresses of HTTP integrations: an origin by an origin. */
export type Backends = ReadonlyMap<string, string>;

export const noBackends: Backends = new Map();

/** `https://stock.example.com` of an address with stage variables in it. @returns nothing where it has none */
export function originOf(uri: string, variables: Readonly<Record<string, string>>): string | undefined {
  const filled = uri.replace(
    /\$\{stageVariables\.(\w+)\}/g,
    (whole, name: string) => variables[name] ?? whole,
  );
  const [origin] = /^https?:\/\/[^/?#]+/i.exec(filled) ?? [];
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).origin : undefined;
}

/** The call of what stands in for its address, which gets the name of that host all the same. */
export function atBackend(call: EndpointRequest, backends: Backends): EndpointRequest {
  const { url, headers } = call;
  const backend = backends.get(url.origin);
  if (backend === undefined) return call;
  const isNamed = [...headers.keys()].some((name) => name.toLowerCase() === "host");
  return {
    ...call,
    url: new URL(`${url.pathname}${url.search}`, backend),
    headers: isNamed ? headers : new Map([["Host", [url.host]], ...headers]),
  };
}
