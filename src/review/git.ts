import { spawnSync } from "node:child_process";
import { join, posix } from "node:path";
import { type Entries, notThere, type ProjectFiles } from "../release/files/project-files";
import { cannotReview } from "./cannot-review";

/** A commit of the project's repository, beside which the working tree stands. */
export interface BaseCommit {
  /** As it was given: a branch, a tag, an id. */
  readonly ref: string;
  readonly id: string;
  /** The project as the commit has it. */
  readonly files: ProjectFiles;
  /** The files that are other, new or gone in the working tree, by paths relative to the project. */
  readonly changed: readonly string[];
  /** Which of these paths, relative to the project, git leaves out because the working tree says so. */
  ignored(paths: readonly string[]): readonly string[];
  /** Writes the commit's files into a folder that is empty. @returns where the project is in it */
  checkOut(folder: string): string;
  /** Every text that a file had in this commit and before it. A shallow clone knows only some. */
  textsOf(path: string): readonly string[];
}

/**
 * The commit itself, not where the branches part: what is live is what the base's tip says, and a plan of the
 * working tree would undo whatever of that the working tree lacks.
 */
export function readCommit(project: string, ref: string): BaseCommit {
  const git = gitIn(project);
  const inside = git(["rev-parse", "--is-inside-work-tree"]);
  if (inside.status !== 0) {
    cannotReview(`the project must be in a git repository: ${firstLine(inside.stderr)}`);
  }
  const found = git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  const id = found.stdout.toString().trim();
  if (found.status !== 0) {
    cannotReview(
      `'--base' must be a commit of this repository, got "${ref}"; a shallow clone has to fetch it first`,
    );
  }
  const bytes: ReadBytes = (args, input) => {
    const { status, stdout, stderr } = git(args, input);
    if (status !== 0) cannotReview(`git ${args[0]} fails: ${firstLine(stderr)}`);
    return stdout;
  };
  const read = (...args: string[]) => bytes(args).toString();
  const prefix = () => read("rev-parse", "--show-prefix").trim();
  const tree = treeOf(read("ls-tree", "-r", "-z", id));
  return {
    ref,
    id,
    files: filesOf(tree, (ids) => contentsOf(ids, bytes)),
    changed: [
      ...split(read("diff", "--name-only", "--no-renames", "--relative", "-z", id, "--")),
      ...split(read("ls-files", "--others", "--exclude-standard", "-z")),
    ].sort(),
    ignored(paths) {
      if (paths.length === 0) return [];
      // 1 says that none is.
      return split(git(["check-ignore", "-z", "--stdin"], paths.join("\0")).stdout.toString());
    },
    checkOut(folder) {
      // An index of its own: that of the working tree stays as it is.
      const own = gitIn(read("rev-parse", "--show-toplevel").replace(/\n$/, ""), {
        GIT_INDEX_FILE: `${folder}.index`,
      });
      for (const args of [
        ["read-tree", id],
        ["checkout-index", "--all", `--prefix=${folder}/`],
      ]) {
        const { status, stderr } = own(args);
        if (status !== 0) cannotReview(`git ${args[0]} fails: ${firstLine(stderr)}`);
      }
      return join(folder, prefix());
    },
    textsOf(path) {
      const commits = read("log", "--format=%H", id, "--", path).split("\n").filter(Boolean);
      const below = prefix();
      return [
        ...contentsOf(
          commits.map((commit) => `${commit}:${below}${path}`),
          bytes,
        ).values(),
      ];
    },
  };
}

type ReadBytes = (args: readonly string[], input?: string) => Buffer;

export function gitIn(project: string, variables: Readonly<Record<string, string>> = {}) {
  return (args: readonly string[], input = "") => {
    const { error, status, stdout, stderr } = spawnSync("git", args, {
      cwd: project,
      env: { ...process.env, ...variables },
      input,
      maxBuffer: 2 ** 30,
    });
    if (error !== undefined) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      cannotReview(isMissing ? "git must be on the path" : `git ${args[0]} fails: ${error.message}`);
    }
    return { status, stdout, stderr: stderr.toString() };
  };
}

interface Blob {
  readonly id: string;
  readonly isLink: boolean;
}

/** `<mode> <type> <id>\t<path>`, each ended by NUL. */
function treeOf(listing: string): Map<string, Blob> {
  return new Map(
    split(listing).flatMap((line) => {
      const tab = line.indexOf("\t");
      const [mode, type, id = ""] = line.slice(0, tab).split(" ");
      return type === "blob" ? [[line.slice(tab + 1), { id, isLink: mode === "120000" }]] : [];
    }),
  );
}

function filesOf(
  all: ReadonlyMap<string, Blob>,
  read: (ids: readonly string[]) => ReadonlyMap<string, string>,
): ProjectFiles {
  const tree = new Map([...all].filter(([path]) => /^(releases|lambdas)\//.test(path)));
  const isRead = ([path, { isLink }]: readonly [string, Blob]) => path.startsWith("releases/") || isLink;
  const contents = read([...all].filter(isRead).map(([, { id }]) => id));
  /** Others are read when they are asked for, such as an OpenAPI document. */
  const others = new Map<string, string | undefined>();
  const textOf = (path: string) => {
    const id = all.get(path)?.id;
    if (id === undefined) return undefined;
    if (!contents.has(id) && !others.has(id)) others.set(id, read([id]).get(id));
    return contents.get(id) ?? others.get(id);
  };
  /** A link is taken for what it leads to, as it is on disk. */
  const target = (path: string, depth = 0): string => {
    if (all.get(path)?.isLink !== true || depth > 10) return path;
    return target(posix.join(posix.dirname(path), textOf(path) ?? ""), depth + 1);
  };
  const isFolder = (path: string) => [...tree.keys()].some((one) => one.startsWith(`${path}/`));
  return {
    read(path) {
      const found = target(path);
      // What is in releases/ must be there itself: a change elsewhere would be no change of a release.
      return path.startsWith("releases/") && !tree.has(found) ? undefined : textOf(found);
    },
    trouble: (path) =>
      all.get(path)?.isLink === true
        ? `must not be a link that leads out of ${path.startsWith("releases/") ? "releases/" : "the project"}, which a review does not follow in a commit`
        : notThere,
    entries(named): Entries {
      const folder = target(named);
      const names = new Set(
        [...tree.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split("/")[0] as string),
      );
      const sorted = [...names].sort();
      const at = (name: string) => target(`${folder}/${name}`);
      // A handler may well be a link to somewhere else in the repository.
      const others = named.startsWith("releases")
        ? sorted.filter((name) => !name.startsWith(".") && !tree.has(at(name)) && !isFolder(at(name)))
        : [];
      return {
        folders: sorted.filter((name) => !name.startsWith(".") && isFolder(at(name))),
        files: sorted.filter((name) => tree.has(at(name))),
        ...(others.length > 0 ? { others } : {}),
      };
    },
  };
}

/** The contents of objects by their names, in one call; those that are not there are left out. */
export function contentsOf(names: readonly string[], read: ReadBytes): ReadonlyMap<string, string> {
  const contents = new Map<string, string>();
  if (names.length === 0) return contents;
  const output = read(["cat-file", "--batch"], `${names.join("\n")}\n`);
  let offset = 0;
  for (const name of names) {
    const end = output.indexOf("\n", offset);
    const [, , size] = output.toString("utf8", offset, end).split(" ");
    offset = end + 1;
    if (size === undefined || !/^\d+$/.test(size)) continue;
    contents.set(name, output.toString("utf8", offset, offset + Number(size)));
    offset += Number(size) + 1;
  }
  return contents;
}

function split(list: string): string[] {
  return list.split("\0").filter((one) => one !== "");
}

export function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").replace(/^fatal: /, "");
}
