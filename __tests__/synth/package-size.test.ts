import { randomBytes } from "node:crypto";
import { formatProblem } from "../../src/release/problem";
import { sizeProblems } from "../../src/synth/package-size";
import { packagedOf } from "../support/packaged";
import { shop } from "../support/project";

jest.setTimeout(300_000);

const mb = 1024 * 1024;

async function linesOf(files: Readonly<Record<string, Uint8Array>>): Promise<string[]> {
  return (await sizeProblems("lambdas/shop/v1/shop.ts", new Map(Object.entries(files)))).map(formatProblem);
}

test("250 MB unzipped are taken, and one byte more is refused with the largest files", async () => {
  const rest = { "one.bin": Buffer.alloc(100 * mb), "a.js": Buffer.alloc(10 * mb), "b.js": Buffer.alloc(mb) };
  expect(await linesOf({ ...rest, "two.bin": Buffer.alloc(139 * mb) })).toEqual([]);
  expect(await linesOf({ ...rest, "two.bin": Buffer.alloc(139 * mb + 1) })).toEqual([
    "lambdas/shop/v1/shop.ts must make a package of at most 250 MB unzipped, but makes one of 250.0 MB: two.bin has 139.0 MB, one.bin has 100.0 MB, a.js has 10.0 MB; leave out what the function does not need, or put it into a container image",
  ]);
});

test("what zips to more than 50 MB is refused, and what zips well is not", async () => {
  const dense = randomBytes(17 * mb);
  const files = { "a.bin": dense, "b.bin": dense, "c.bin": dense };
  expect(await linesOf(files)).toEqual([
    expect.stringContaining("at most 50 MB zipped, but makes one of about 51.0 MB: a.bin has 17.0 MB"),
  ]);
  expect(await linesOf({ ...files, "c.bin": Buffer.alloc(17 * mb) })).toEqual([]);
});

test("a package that is too large is a line of the synthesis", async () => {
  const { lines } = await packagedOf(
    shop(
      { versions: ["v1"], settings: { assets: ["large.bin"] } },
      { "lambdas/shop/v1/large.bin": "0".repeat(251 * mb) },
    ),
  );
  expect(lines).toEqual([expect.stringContaining("but makes one of 251.0 MB: large.bin has 251.0 MB")]);
});
