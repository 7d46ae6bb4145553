/** Calls AWS beside Terraform, as somebody with the AWS CLI does. @throws when AWS refuses */
export async function byHand(
  endpoint: string,
  service: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const text = await send(endpoint + path, service, { method, headers, body: body && JSON.stringify(body) });
  return text === "" ? undefined : JSON.parse(text);
}

/** The same for services whose calls have names: `AmazonSSM.GetParameter`. */
export async function byName(
  endpoint: string,
  service: string,
  name: string,
  body: object,
): Promise<unknown> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": name };
  const text = await send(endpoint, service, { method: "POST", headers, body: JSON.stringify(body) });
  return text === "" ? undefined : JSON.parse(text);
}

/**
 * The same for services that are asked by forms. @returns XML
 *
 * @param key id of the caller's access key. @default - the account's own
 */
export function byForm(
  endpoint: string,
  service: string,
  fields: Readonly<Record<string, string>>,
  key?: string,
): Promise<string> {
  return send(endpoint, service, { method: "POST", headers: {}, body: new URLSearchParams(fields) }, key);
}

async function send(
  url: string,
  service: string,
  { headers, ...call }: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  key = "test",
): Promise<string> {
  const scope = `${key}/20260101/eu-central-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const response = await fetch(url, { ...call, headers: { authorization, ...headers } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${call.method} ${url}: ${response.status} ${text}`);
  return text;
}
