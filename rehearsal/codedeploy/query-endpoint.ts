import { LocalEndpoint } from "./local-endpoint";
import { parseXml, within, type Xml } from "./xml";

/** What a service of AWS's query protocol refuses. */
export class QueryError extends Error {
  /** @param code such as `ListenerNotFound` */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A service of AWS's query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export class QueryEndpoint {
  private readonly endpoint: LocalEndpoint;

  /** @param service as signatures name it */
  constructor(
    url: string,
    service: string,
    region: string,
    private readonly version: string,
  ) {
    this.endpoint = new LocalEndpoint(url, service, region);
  }

  /** @returns the result. @throws QueryError on what the service refuses */
  async call(action: string, input: object): Promise<Xml | undefined> {
    const parameters = { Action: action, Version: this.version, ...Object.fromEntries(flat("", input)) };
    const { ok, body } = await this.endpoint.request("/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(parameters).toString(),
    });
    const answer = parseXml(body);
    if (ok) return within(answer, `${action}Response`, `${action}Result`);
    const error = within(answer, "ErrorResponse", "Error");
    throw new QueryError(
      String(within(error, "Code") ?? "InternalFailure"),
      String(within(error, "Message") ?? body.slice(0, 200)),
    );
  }
}

/** The parameters of an input: lists and objects have one for each thing within. */
function flat(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [[name, String(value)]];
  const prefix = name === "" ? "" : `${name}.`;
  if (Array.isArray(value)) {
    return value.flatMap((one, index) => flat(`${prefix}member.${index + 1}`, one));
  }
  return Object.entries(value).flatMap(([field, one]) => flat(prefix + field, one));
}
