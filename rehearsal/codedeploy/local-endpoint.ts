export interface EndpointAnswer {
  readonly ok: boolean;
  /** Of an error. */
  readonly code?: string;
  readonly body: string;
}

/** An endpoint of AWS's that takes any credentials, as those on this machine do. */
export class LocalEndpoint {
  private readonly url: string;

  /** @param service as signatures name it */
  constructor(
    url: string,
    private readonly service: string,
    private readonly region: string,
  ) {
    this.url = url.replace(/\/+$/, "");
  }

  async request(path: string, { headers, ...init }: RequestInit): Promise<EndpointAnswer> {
    const response = await fetch(this.url + path, {
      ...init,
      // Such an endpoint reads the region and the service from it.
      headers: {
        ...headers,
        authorization:
          `AWS4-HMAC-SHA256 Credential=test/20260101/${this.region}/${this.service}/aws4_request, ` +
          "SignedHeaders=host, Signature=0",
      },
      signal: AbortSignal.timeout(60_000),
    });
    const code = response.headers.get("x-amzn-errortype")?.split(":")[0];
    return { ok: response.ok, code, body: await response.text() };
  }
}
