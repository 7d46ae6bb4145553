import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectFolder } from "../support/command";
import { elfOf, elsewhere, here, zipOf } from "../support/elsewhere";
import { packagedIn } from "../support/packaged";
import { createProject, problemsOf, shop, synthesizeProject, temporaryFolder } from "../support/project";

/** Code that is built elsewhere is deployed as it is, and refused where Lambda could not start it. */

const os = { runtime: "provided.al2023", architecture: here };
const release = (settings: object) => shop({ versions: ["v1"], settings });

/** A project whose files may have bytes that are no text. */
function projectWith(settings: object, files: Readonly<Record<string, string | Uint8Array>>): string {
  const project = createProject(release(settings));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, "lambdas/shop/v1", path)), { recursive: true });
    writeFileSync(join(project, "lambdas/shop/v1", path), content);
  }
  return project;
}

const linesOf = async (settings: object, files: Readonly<Record<string, string | Uint8Array>>) =>
  (await packagedIn(projectWith(settings, files))).lines;

const elf = elfOf(here);
const must = `must be an executable for Linux on ${here} (the function's 'architecture')`;

describe("of a folder", () => {
  test("every file is packaged, byte for byte, and is executable", async () => {
    const files = { "build/bootstrap": elf, "build/.env": "A=1", "build/a/b.bin": Buffer.from([0, 255, 13]) };
    const project = projectWith({ ...os, code: { path: "build" } }, files);
    const { packages, lines } = await packagedIn(project);
    expect(lines).toEqual([]);
    const built = packages.get("shop-dev-v1");
    expect([...(built?.keys() ?? [])].sort()).toEqual([".env", "a/b.bin", "bootstrap"]);
    expect(Buffer.compare(built?.get("a/b.bin") ?? Buffer.of(), files["build/a/b.bin"])).toBe(0);
    const stack = await stackOf(project);
    expect(Object.values(stack.data.archive_file)).toEqual([
      expect.objectContaining({ source_dir: "packages/shop-dev-v1", output_file_mode: "0755" }),
    ]);
    expect(functionIn(stack)).toMatchObject({ handler: "bootstrap", runtime: "provided.al2023" });
  });

  test("the function's folder may be the package itself, and others in the project may be", async () => {
    expect(await linesOf({ ...os, code: { path: "." } }, { bootstrap: elf })).toEqual([]);
    expect(
      await linesOf({ ...os, code: { path: "../../../out" } }, { "../../../out/bootstrap": elf }),
    ).toEqual([]);
  });
});

describe("a zip file", () => {
  const zip = zipOf({ bootstrap: elf, "data/prices.csv": "1" });

  test("is deployed as it is", async () => {
    const project = projectWith({ ...os, code: { path: "shop.zip" } }, { "shop.zip": zip });
    const stack = await stackOf(project);
    expect(functionIn(stack)).toMatchObject({
      filename: "packages/shop-dev-v1.zip",
      source_code_hash: '${filebase64sha256("packages/shop-dev-v1.zip")}',
    });
    expect(stack.data.archive_file).toBeUndefined();
    const written = join(project, "cdktf.out/stacks/shop-dev/packages/shop-dev-v1.zip");
    expect(Buffer.compare(readFileSync(written), zip)).toBe(0);
  });

  test("may be a jar", async () => {
    const settings = { runtime: "java21", handler: "com.acme.Shop::handle", code: { path: "shop.jar" } };
    expect(await linesOf(settings, { "shop.jar": zipOf({ "com/acme/Shop.class": "" }) })).toEqual([]);
  });

  test.each([
    ["no zip file", Buffer.from("text"), "it has no list of files"],
    ["a part of one", zip.subarray(0, zip.length - 30), "it has no list of files"],
    ["one with damaged content", damaged(zip), expect.anything()],
    [
      "one that unpacks elsewhere",
      zipOf({ "../bootstrap": elf }),
      'its file "../bootstrap" would be unpacked elsewhere',
    ],
  ])("is refused where it is %s", async (_, content, why) => {
    const lines = await linesOf({ ...os, code: { path: "shop.zip" } }, { "shop.zip": content });
    const message = "lambdas/shop/v1/shop.zip must be a zip file that can be read: ";
    expect(lines).toEqual([typeof why === "string" ? message + why : expect.stringContaining(message)]);
  });

  test("that unpacks to more than 250 MB is refused before it is unpacked", async () => {
    const large = zipOf({ bootstrap: elf });
    // What the list of files says of the content's size.
    large.writeUInt32LE(251 * 1024 * 1024, large.lastIndexOf("PK\x01\x02") + 24);
    expect(await linesOf({ ...os, code: { path: "shop.zip" } }, { "shop.zip": large })).toEqual([
      expect.stringMatching(/^lambdas\/shop\/v1\/shop\.zip must make a package of at most 250 MB unzipped/),
    ]);
  });
});

describe("what Lambda could not start is refused", () => {
  const [folder, zip] = [
    { ...os, code: { path: "build" } },
    { ...os, code: { path: "shop.zip" } },
  ];
  const mach = Buffer.from("cffaedfe0c000001", "hex");

  test.each<[string, object, Readonly<Record<string, string | Uint8Array>>, string]>([
    [
      "a path that is not there",
      folder,
      {},
      "lambdas/shop/v1/build must be a folder or a zip file: the function's 'code' names it",
    ],
    [
      "a file that is no zip file",
      { ...os, code: { path: "bootstrap" } },
      { bootstrap: elf },
      "lambdas/shop/v1/bootstrap must be a folder, or a zip file whose name ends with .zip or .jar",
    ],
    [
      "no bootstrap",
      folder,
      { "build/main": elf },
      "lambdas/shop/v1/build must hold an executable file bootstrap, which provided.al2023 starts",
    ],
    [
      "another processor",
      folder,
      { "build/bootstrap": elfOf(elsewhere) },
      `lambdas/shop/v1/build/bootstrap ${must}, but is one for ${elsewhere}`,
    ],
    [
      "another system",
      folder,
      { "build/bootstrap": mach },
      `lambdas/shop/v1/build/bootstrap ${must}, but is one for macOS`,
    ],
    [
      "no program",
      folder,
      { "build/bootstrap": "echo" },
      `lambdas/shop/v1/build/bootstrap ${must}, or a script that begins with #!`,
    ],
    [
      "a bootstrap that is not executable",
      zip,
      { "shop.zip": zipOf({ bootstrap: elf }, 0o644) },
      "lambdas/shop/v1/shop.zip/bootstrap must be executable by everybody, mode 0755, but has mode 0644",
    ],
    [
      "one that only its owner can run",
      zip,
      { "shop.zip": zipOf({ bootstrap: elf }, 0o700) },
      "lambdas/shop/v1/shop.zip/bootstrap must be executable by everybody, mode 0755, but has mode 0700",
    ],
    [
      "a zip file without modes",
      zip,
      { "shop.zip": zipOf({ bootstrap: elf }, 0, 0) },
      "lambdas/shop/v1/shop.zip/bootstrap must be executable: zip it on Linux or macOS, or give the folder instead",
    ],
    [
      "no handler file of Node",
      { runtime: "nodejs22.x", handler: "src/app.api.handle", code: { path: "build" } },
      { "build/app.js": "" },
      'lambdas/shop/v1/build must hold the file of handler "src/app.api.handle": src/app.js',
    ],
    [
      "none of Python",
      { runtime: "python3.12", handler: "app.main.handle", code: { path: "build" } },
      { "build/main.py": "" },
      'lambdas/shop/v1/build must hold the file of handler "app.main.handle": app/main.py',
    ],
    [
      "none of Ruby",
      { runtime: "ruby3.4", handler: "app.Shop.handle", code: { path: "build" } },
      { "build/shop.rb": "" },
      'lambdas/shop/v1/build must hold the file of handler "app.Shop.handle": app.rb',
    ],
    [
      "none of Java",
      { runtime: "java21", handler: "com.acme.Shop", code: { path: "build" } },
      { "build/Shop.class": "" },
      'lambdas/shop/v1/build must hold the file of handler "com.acme.Shop": com/acme/Shop.class',
    ],
    [
      "none of .NET",
      { runtime: "dotnet8", handler: "Shop::Acme.Shop::Handle", code: { path: "build" } },
      { "build/Other.dll": "" },
      'lambdas/shop/v1/build must hold the file of handler "Shop::Acme.Shop::Handle": Shop.dll',
    ],
  ])("%s", async (_, settings, files, line) => {
    expect(await linesOf(settings, files)).toEqual([line]);
  });

  test("and what a layer or a library may bring is not", async () => {
    const java = { runtime: "java21", handler: "com.acme.Shop", code: { path: "build" } };
    expect(await linesOf(java, { "build/lib/shop.jar": "" })).toEqual([]);
    const layers = ["arn:aws:lambda:eu-central-1:123456789012:layer:tools:1"];
    expect(await linesOf({ ...folder, layers }, { "build/main": elf })).toEqual([]);
    expect(await linesOf(folder, { "build/bootstrap": "#!/bin/sh\n" })).toEqual([]);
  });

  test("a link that leads out of the project", async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "bootstrap"), elf);
    chmodSync(join(outside, "bootstrap"), 0o755);
    const project = projectWith(folder, {});
    symlinkSync(outside, join(project, "lambdas/shop/v1/build"));
    expect((await packagedIn(project)).lines).toEqual([
      "lambdas/shop/v1/build must be in the project, but is a link that leads out of it",
    ]);
  });
});

test("the release file that the page shows makes a function with its layer, which comes before it", async () => {
  const page = readFileSync(join(projectFolder, "docs/code.md"), "utf8");
  const [, shown = ""] = /```json\n([^`]*"code"[^`]*)```/.exec(page) ?? [];
  const project = createProject(shop(JSON.parse(shown)));
  for (const [path, content] of [
    ["v1/build/bootstrap", elfOf("arm64")],
    ["layers/shared/bin/tool", "#!/bin/sh\n"],
  ] as const) {
    mkdirSync(dirname(join(project, "lambdas/shop", path)), { recursive: true });
    writeFileSync(join(project, "lambdas/shop", path), content);
  }
  const { resource, data } = await stackOf(project);
  const [id] = Object.keys(resource.aws_lambda_layer_version);
  expect(Object.values(resource.aws_lambda_layer_version)).toEqual([
    expect.objectContaining({ layer_name: "shop-dev-v1-shared", lifecycle: { create_before_destroy: true } }),
  ]);
  expect(Object.values(resource.aws_lambda_function)).toEqual([
    expect.objectContaining({ architectures: ["arm64"], layers: [`\${aws_lambda_layer_version.${id}.arn}`] }),
  ]);
  expect(Object.values(data.archive_file).map((one) => Object(one).source_dir)).toEqual([
    "packages/layer.shop-dev-v1-shared",
    "packages/shop-dev-v1",
  ]);
});

test("an object in S3 is deployed as that version of it, and nothing is packaged", async () => {
  const s3 = { bucket: "acme-code", key: "shop.zip", versionId: "3HL4kqtJlcpXroDTDmJ" };
  const { resource, data } = await stackOf(createProject(release({ ...os, code: { s3 } })));
  expect(Object.values(resource.aws_lambda_function)).toEqual([
    expect.objectContaining({ s3_bucket: "acme-code", s3_key: "shop.zip", s3_object_version: s3.versionId }),
  ]);
  expect(data.archive_file).toBeUndefined();
  // Terraform knows no digest to compare.
  expect(Object.values(data.aws_lambda_function).map((one) => Object(one).lifecycle)).toEqual([undefined]);
});

describe("a release file is refused", () => {
  const code = { path: "build" };
  test.each<[string, object, string]>([
    ["without a runtime", { code }, "'settings.code' must be given with 'runtime', which runs it"],
    [
      "where a runtime needs code",
      { runtime: "java21" },
      "'settings.runtime' must be given with 'code': handler files are packaged for Node and Python alone, got \"java21\"",
    ],
    [
      "where Java has no handler",
      { runtime: "java21", code },
      "'settings.code' must be given with 'handler', which java21 has no default for",
    ],
    [
      "with a bundle",
      { ...os, code, bundle: { minify: true } },
      "'settings.bundle' must not be given with 'code', which is packaged as it is",
    ],
    [
      "with both kinds of code",
      { ...os, code: { path: "build", s3: { bucket: "acme-code", key: "a.zip", versionId: "1" } } },
      '\'settings.code\' must have either "path" or "s3"',
    ],
    [
      "with code outside the project",
      { ...os, code: { path: "../../../../build" } },
      "'settings.code.path' must be in the project: it is relative to lambdas/shop/v1, got \"../../../../build\"",
    ],
    [
      "with an absolute path",
      { ...os, code: { path: "/build" } },
      "'settings.code.path' must be the path of a folder, .zip or .jar, relative to the function's folder, got \"/build\"",
    ],
    [
      "without the object's version",
      { ...os, code: { s3: { bucket: "acme-code", key: "a.zip" } } },
      "'settings.code.s3.versionId' must be given",
    ],
    [
      "with a handler that has no file",
      { handler: "a::b" },
      "'settings.handler' must be <file>.<export>, such as app.handler, with the file in the version's folder, unless a layer brings it, got \"a::b\"",
    ],
  ])("%s", (_, settings, message) => {
    const lines = problemsOf(release(settings));
    expect(lines).toContainEqual(expect.stringContaining(message));
    expect(lines).toHaveLength(1);
  });
});

test("a folder for each version is not needed where no code is in it", () => {
  const s3 = { bucket: "acme-code", key: "shop.zip", versionId: "3HL4kqtJlcpXroDTDmJ" };
  expect(problemsOf(release({ ...os, code: { s3 } }))).toEqual([]);
});

function damaged(zip: Buffer): Buffer {
  const copy = Buffer.from(zip);
  copy.fill(0xff, 40, 60);
  return copy;
}

interface Stack {
  readonly data: Readonly<Record<"archive_file" | "aws_lambda_function", Record<string, object>>>;
  readonly resource: Readonly<
    Record<"aws_lambda_function" | "aws_lambda_layer_version", Record<string, object>>
  >;
}

async function stackOf(project: string): Promise<Stack> {
  const output = await synthesizeProject(project);
  return JSON.parse(readFileSync(join(output, "stacks/shop-dev/cdk.tf.json"), "utf8"));
}

function functionIn({ resource }: Stack): object | undefined {
  return Object.values(resource.aws_lambda_function)[0];
}
