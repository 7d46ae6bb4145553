/**
 * Makes dist/, the JavaScript of the package, of those TypeScript sources that have changed: in the repository at each
 * start. `npm pack` makes all of it anew by tsc, with types and source maps.
 */
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join, relative } = require("node:path");

const sourceFolders = ["constructs", "src", "stacks"];

function build() {
  const changed = sourceFolders
    .flatMap((folder) => filesBelow(join(__dirname, folder)))
    .map((source) => ({ source, modified: modifiedAt(source) }))
    .filter(({ source, modified }) => targetsOf(source).some((target) => modifiedAt(target) !== modified));
  if (changed.length === 0) return;
  const translated = translate(changed.map(({ source }) => source).filter(isTypeScript));
  for (const { source, modified } of changed)
    for (const target of targetsOf(source))
      write(target, translated.get(target) ?? readFileSync(source), modified);
  write(join(__dirname, "dist/guard/index.js"), guard(), Date.now());
}

/** The guard's function as one file, of the sources: its code is the same wherever the package is installed. */
function guard() {
  const { buildSync } = require("esbuild");
  const { outputFiles } = buildSync({
    absWorkingDir: __dirname,
    entryPoints: ["src/guard/lambda.ts"],
    write: false,
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    // The Lambda runtime brings the AWS SDK.
    external: ["@aws-sdk/*"],
    legalComments: "none",
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const isTypeScript = (file) => file.endsWith(".ts");

/** JavaScript of TypeScript; other files as they are, and a hook's source too, which a package of a hook is made of. */
function targetsOf(source) {
  const same = join(__dirname, "dist", relative(__dirname, source));
  if (!isTypeScript(source)) return [same];
  const script = same.replace(/ts$/, "js");
  return source.startsWith(join(__dirname, "src/hooks")) ? [script, same] : [script];
}

/** In whole milliseconds, or nothing where there is no such file. */
function modifiedAt(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && Math.round(found.mtimeMs);
}

/** @returns the JavaScript by its path in dist/ */
function translate(sources) {
  const { buildSync } = require("esbuild");
  const { outputFiles } = buildSync({
    absWorkingDir: __dirname,
    entryPoints: sources,
    outbase: ".",
    outdir: "dist",
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

/**
 * A start beside this one finds the old file or the new one, whole.
 *
 * @param modified when its source was: a source that is saved meanwhile has another time, and is read at the next start
 */
function write(target, contents, modified) {
  const written = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(written, contents);
  utimesSync(written, new Date(modified), new Date(modified));
  renameSync(written, target);
}

if (process.argv[2] === "--anew") rmSync(join(__dirname, "dist"), { recursive: true, force: true });
build();
