/** An endpoint of AWS's that takes any credentials, as those on this machine do. */
export class LocalEndpoint {
  /**
   * @param url without a slash at its end
   * @param service as signatures name it
   */
  constructor(
    private readonly url: string,
    private readonly service: string,
    private readonly region: string,
  ) {}

  async request(path: string, { headers, ...init }: RequestInit): Promise<{ ok: boolean; body: string }> {
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
    return { ok: response.ok, body: await response.text() };
  }
}
