import { problemsOf } from "../support/project";
import { containerShop, fingerprintOf, shop } from "../support/shop";

/** The lines without file, line and column. */
const lines = (release: object, environment: object = {}) =>
  problemsOf(
    shop(release, { "releases/dev/environment.json": { region: "eu-central-1", ...environment } }),
  ).map((line) => line.replace(/^\S+ /, ""));

const sourcesOf = (sources: readonly string[]) =>
  lines({ preview: { version: "v2", sources } }).map((line) => line.slice(0, 70));

describe("the sources of a temporary stage", () => {
  test.each([
    "10.0.0.0/8",
    "10.1.2.3/32",
    "172.31.0.0/16",
    "192.168.1.0/24",
    "127.0.0.1/32",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "0.0.0.0/8",
    "224.0.0.0/3",
    "255.255.255.255/32",
    "fd00::/8",
    "fe80::/10",
    "::1/128",
    "::/8",
    "64:ff9b::/96",
  ])("%s has no caller from the internet", (range) => {
    expect(sourcesOf([range])).toEqual([
      "'preview.sources[0]' must be a range of public addresses such as 203.0ch as 20".slice(0, 70),
    ]);
  });

  test.each([
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0/1",
    "8.0.0.0/5",
    "172.0.0.0/8",
    "100.0.0.0/8",
    "203.0.113.0/24",
    "2001:db8::/32",
    "2600::/12",
  ])("%s has", (range) => expect(sourcesOf([range])).toEqual([]));
});

test.each(["::ffff:0:0/96", "::ffff:203.0.113.0/120"])(
  "%s is refused of every range of addresses",
  (range) => {
    const line = `must be a range of IPv4 or IPv6 addresses such as 203.0.113.0/24, but no IPv4 written as IPv6, got "${range}"`;
    expect(lines({ preview: { version: "v2", sources: [range] } })).toEqual([`'preview.sources[0]' ${line}`]);
    expect(lines(containerShop({ ecs: { listener: { sources: [range] } } }))).toEqual([
      `'ecs.listener.sources[0]' ${line}`,
    ]);
  },
);

describe("the name of the state's bucket", () => {
  const bucketLines = (bucket: string, more: object = {}) =>
    lines({}, { state: { s3: { bucket } }, ...more });

  test.each([
    ["a..b", "has no two dots side by side"],
    ["192.168.0.1", "is no IP address"],
    ["xn--state", "does not begin with xn--"],
    ["sthree-state", "does not begin with sthree-"],
    ["amzn-s3-demo-state", "does not begin with amzn-s3-demo-"],
    ["state-s3alias", "does not end with -s3alias"],
    ["state--ol-s3", "does not end with --ol-s3"],
    ["state.mrap", "does not end with .mrap"],
    ["state--x-s3", "does not end with --x-s3"],
    ["state--table-s3", "does not end with --table-s3"],
  ])("%s is none", (bucket, why) => {
    expect(bucketLines(bucket)).toEqual([
      `'state.s3.bucket' must be the name of an S3 bucket, which ${why}, got "${bucket}"`,
    ]);
  });

  test("one of S3's regional namespace may be there, and is not made", () => {
    const github = { organization: "example-org", repository: "shop" };
    expect(bucketLines("state-111122223333-eu-central-1-an")).toEqual([]);
    expect(bucketLines("state-an", { github })).toEqual([
      `'state.s3.bucket' must not end with -an: S3 reserves that ending for its regional namespace, and the stack creates no bucket there, got "state-an"`,
    ]);
    expect(bucketLines("state-an", { github: { ...github, accountHas: ["state-bucket"] } })).toEqual([]);
  });
});

describe("tags", () => {
  test.each([
    [{ "AWS:team": "x" }, "'tags.AWS:team' must be a tag name"],
    [{ "aws:team": "x" }, "'tags.aws:team' must be a tag name"],
    [{ "": "x" }, "'tags.' must be a tag name"],
    [{ tëam: "x" }, "'tags.tëam' must be a tag name"],
    [{ team: "Aws:x" }, "'tags.team' must be a tag value"],
    [{ team: "a,b" }, "'tags.team' must be a tag value"],
  ])("%j are refused", (tags, expected) => {
    expect(lines({}, { tags }).map((line) => line.slice(0, expected.length))).toEqual([expected]);
  });

  test("leave room for the names that a network of its own has", () => {
    const tags = (count: number) => ({
      tags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, "x"])),
    });
    expect(lines(containerShop({}), tags(49))).toEqual([]);
    expect(lines(containerShop({}), { tags: { ...tags(49).tags, Name: "x" } })).toEqual([]);
    expect(lines(containerShop({}), tags(50))).toEqual([
      "'ecs.network' must be given in an environment with 50 tags: the network that the stack creates also has the tag Name, and AWS allows 50; or remove a tag from environment.json",
    ]);
  });
});

describe("a region", () => {
  test.each(["eusc-de-east-1", "cn-north-1", "us-gov-west-1", "us-isob-east-1", "mx-central-1"])(
    "%s is known",
    (region) => {
      expect(lines({}, { region })).toEqual([]);
    },
  );

  test("that is none is refused with the nearest, in both places", () => {
    expect(
      lines({}, { region: "eu-centrall-1", state: { s3: { bucket: "state", region: "eu-west-9" } } }),
    ).toEqual([
      `'region' must be an AWS region, and the nearest is eu-central-1; list one that AWS opened later in 'newRegions' too, got "eu-centrall-1"`,
      `'state.s3.region' must be an AWS region, and the nearest is eu-west-1; list one that AWS opened later in 'newRegions' too, got "eu-west-9"`,
    ]);
  });

  test("that AWS opened later is named as new", () => {
    expect(lines({}, { region: "eu-west-9", newRegions: ["eu-west-9"] })).toEqual([]);
  });

  test("an image of a function is in the domain of its partition", () => {
    const image = (domain: string) =>
      `111122223333.dkr.ecr.eusc-de-east-1.${domain}/shop@sha256:${"1".repeat(64)}`;
    const imageLines = (domain: string) =>
      lines(
        { strategy: "alias-canary-stage", versions: [1], stable: 1, image: image(domain) },
        { region: "eusc-de-east-1" },
      );
    expect(imageLines("amazonaws.eu")).toEqual([]);
    expect(imageLines("amazonaws_eu")).toContainEqual(
      expect.stringContaining("'image' must be an image in ECR"),
    );
  });
});

test("a quota that AWS raised is the environment's", () => {
  const api = { routes: Array.from({ length: 320 }, (_, index) => ({ path: `/${index}` })) };
  const release = { api, versions: { v1: { fingerprint: fingerprintOf(api) } } };
  expect(lines(release)).toEqual([expect.stringContaining("must make at most 300 resources")]);
  expect(lines(release, { quotas: { apiResources: 321 } })).toEqual([]);
  expect(lines(release, { quotas: { apiResources: 320 } })).toEqual([
    expect.stringContaining("must make at most 320 resources"),
  ]);
});
