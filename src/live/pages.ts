import { AwsError } from "./aws-error";

/**
 * All pages of a list. An endpoint that names the same next page twice, or always another one, would be asked for ever.
 *
 * @param call `lambda:ListAliases`
 * @param nextOf where a page says what comes next
 * @param most pages that a list may have
 */
export async function* pages<P>(
  call: string,
  all: AsyncIterable<P>,
  nextOf: (page: P) => string | undefined,
  most = 1_000,
): AsyncGenerator<P> {
  const seen = new Set<string>();
  for await (const page of all) {
    yield page;
    const next = nextOf(page);
    if (next === undefined || next === "") return;
    if (seen.has(next))
      throw new AwsError("EndlessPages", `${call} answers with the same page again: ${trouble}`);
    if (seen.add(next).size >= most)
      throw new AwsError("EndlessPages", `${call} has more than ${most} pages: ${trouble}`);
  }
}

const trouble = "is AWS_ENDPOINT_URL right, or a proxy in between?";
