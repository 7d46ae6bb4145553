/** Calls AWS beside Terraform, as somebody with the AWS CLI does. @throws when AWS refuses */
export async function byHand(
  endpoint: string,
  service: string,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const scope = `test/20260101/eu-central-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const response = await fetch(endpoint + path, {
    method,
    headers: { authorization, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}
