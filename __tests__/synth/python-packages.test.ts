import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, packagedIn, packagedOf } from "../support/packaged";
import { createProject, type Files, shopWithoutCode, temporaryFolder } from "../support/project";
import { describePython } from "../support/python";

jest.setTimeout(120_000);

const before = { ...process.env };
const cache = temporaryFolder();
beforeEach(() => {
  process.env["XDG_CACHE_HOME"] = cache;
});
afterEach(() => {
  for (const name of ["XDG_CACHE_HOME", "PATH", "PIP_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS"])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
});

const folder = "lambdas/shop/v1";
const handler = "def handler(event, context):\n    return ";

/** A service whose one version is Python with these files. */
function python(files: Files, settings: object = {}): Files {
  const own = Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]);
  return {
    ...shopWithoutCode({ settings }),
    [`${folder}/shop.py`]: `${handler}1\n`,
    ...Object.fromEntries(own),
  };
}

/** Paths of a package that requirements brought. */
async function brought(files: Files, settings: object = {}): Promise<string[]> {
  const { packages, lines } = await packagedOf(python(files, settings));
  expect(lines).toEqual([]);
  const own = ["shop.py", "requirements.txt", "pyproject.toml", "uv.lock"];
  return [...(packages.get("shop-dev-v1")?.keys() ?? [])].filter((path) => !own.includes(path));
}

const six = "six==1.16.0";
const sixHash = "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254";

describePython("requirements.txt", () => {
  test("brings its packages without the files that describe an installation, and the handler finds them", async () => {
    const files = python({
      "shop.py": `import six\n${handler}[six.__version__, six.__file__]\n`,
      "requirements.txt": `# pinned\n${six} \\\n    --hash=sha256:${sixHash}\n`,
    });
    const { packages, lines, textsOf } = await packagedOf(files);
    expect(lines).toEqual([]);
    expect(Object.keys(textsOf("shop-dev-v1"))).toEqual([
      "requirements.txt",
      "shop.py",
      "six-1.16.0.dist-info/LICENSE",
      "six-1.16.0.dist-info/METADATA",
      "six-1.16.0.dist-info/WHEEL",
      "six-1.16.0.dist-info/top_level.txt",
      "six.py",
    ]);
    expect(await answerOf(packages.get("shop-dev-v1") ?? new Map(), "python3.12")).toEqual([
      "1.16.0",
      "/var/task/six.py",
    ]);
  });

  test.each([
    ["python3.12", "x86_64", "cpython-312-x86_64"],
    ["python3.10", "arm64", "cpython-310-aarch64"],
  ])("brings native wheels for %s on %s", async (runtime, architecture, tag) => {
    const found = await brought({ "requirements.txt": "MarkupSafe==2.1.5\n" }, { runtime, architecture });
    expect(found).toContain(`markupsafe/_speedups.${tag}-linux-gnu.so`);
  });

  test("has its markers judged by the function's Python, not by this machine's", async () => {
    const files = {
      "requirements.txt": `${six}; python_version < "3.11"\nMarkupSafe==2.1.5; platform_machine == "aarch64"\n`,
    };
    const names = async (settings: object) =>
      (await brought(files, settings)).filter((path) => /^(six|markupsafe\/__init__)\.py$/.test(path));
    expect(await names({ runtime: "python3.10" })).toEqual(["six.py"]);
    expect(await names({ runtime: "python3.12", architecture: "arm64" })).toEqual(["markupsafe/__init__.py"]);
    expect(await names({ runtime: "python3.12" })).toEqual([]);
  });

  test("gives the same bytes in another cache", async () => {
    const files = python({ "requirements.txt": "MarkupSafe==2.1.5\n" });
    const one = await packagedOf(files);
    process.env["XDG_CACHE_HOME"] = temporaryFolder();
    const other = await packagedOf(files);
    expect(other.packages.get("shop-dev-v1")?.size).toBeGreaterThan(5);
    expect(other.packages).toEqual(one.packages);
  });

  test.each([
    [["six"], ['1:1 must pin each package to one version, such as requests==2.32.3, got "six"']],
    [
      ["# a", "six>=1", "", "six==1.*"],
      [
        '2:1 must pin each package to one version, such as requests==2.32.3, got "six>=1"',
        '4:1 must pin each package to one version, such as requests==2.32.3, got "six==1.*"',
      ],
    ],
    [["./lib"], ['1:1 must pin each package to one version, such as requests==2.32.3, got "./lib"']],
    [
      ["-r base.txt"],
      [
        '1:1 must not have this option: the same file would not install the same everywhere, got "-r base.txt"',
      ],
    ],
  ])("is refused as %j", async (text, expected) => {
    const { lines } = await packagedOf(python({ "requirements.txt": text.join("\n") }));
    expect(lines).toEqual(expected.map((line) => `${folder}/requirements.txt:${line}`));
  });

  test.each([
    [
      "python-dateutil==2.9.0.post0",
      /^must pin all that is installed, also what its packages need: add six==1\.\d+\.\d+$/,
    ],
    ["six==0.0.0", /^must be installed from wheels for python3.12 on x86_64: .*six==0\.0\.0/],
    [
      `six==1.17.0 --hash=sha256:${sixHash}`,
      /^must give the hash of what is installed: six==1\.17\.0 has sha256:4721f391[0-9a-f]{56}; if you did not change the version, the package may have been tampered with$/,
    ],
    [
      `${six} --hash=sha256:${sixHash}\ntext-unidecode==1.3`,
      /^must give the hash of every package, because one has a hash: add text-unidecode==1\.3 --hash=sha256:1311f10e[0-9a-f]{56}$/,
    ],
    [
      "python-slugify==8.0.4 --hash=sha256:276540b79961052b66b7d116620b36518847f52d5fd9e3a70164fc8c50faa6b8",
      /^must pin all that is installed, also what its packages need, with hashes: add text-unidecode==1\.3$/,
    ],
  ])("is one line for %s, and nothing is kept", async (text, message) => {
    const { lines } = await packagedOf(python({ "requirements.txt": text }));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.replace(`${folder}/requirements.txt `, "")).toMatch(message);
    expect(
      readdirSync(join(cache, "lambda-release")).filter((name) => !/^pip-[0-9a-f]{32}$/.test(name)),
    ).toEqual([]);
  });

  test("must not bring what is there already", async () => {
    const { lines } = await packagedOf(python({ "requirements.txt": six, "six.py": "" }));
    expect(lines).toEqual([
      `${folder}/six.py must not be there too: the requirements beside it bring it, so delete one of the two`,
    ]);
  });

  test("is one line where the index cannot be reached, unless it was installed before", async () => {
    const files = (text: string) => python({ "requirements.txt": text });
    await packagedOf(files(six));
    Object.assign(process.env, { PIP_INDEX_URL: "http://127.0.0.1:9/simple", PIP_FIND_LINKS: "" });
    expect((await packagedOf(files(six))).lines).toEqual([]);
    expect((await packagedOf(files("six==1.15.0"))).lines).toEqual([
      `${folder}/requirements.txt must be installed once from the package index, which cannot be reached: connect to the network and run the command again`,
    ]);
  });

  test("is one line where the cache cannot be written", async () => {
    const file = join(createProject({ file: "" }), "file");
    process.env["XDG_CACHE_HOME"] = file;
    const { lines } = await packagedOf(python({ "requirements.txt": six }));
    expect(lines).toEqual([
      `${folder}/requirements.txt must be installed into ${file}/lambda-release, which cannot be written (ENOTDIR): set XDG_CACHE_HOME to another folder`,
    ]);
  });

  test("is one line without Python", async () => {
    process.env["PATH"] = temporaryFolder();
    const { lines } = await packagedIn(createProject(python({ "requirements.txt": "six==1.14.0" })));
    expect(lines).toEqual([
      `${folder}/requirements.txt must be installed by python3 with pip, which cannot be run: 'python3 -m pip --version' must work`,
    ]);
  });

  test("without uv, uv.lock is one line with the way out", async () => {
    process.env["PATH"] = temporaryFolder();
    const { lines } = await packagedOf(python({ "uv.lock": "version = 1\n" }));
    expect(lines).toEqual([
      `${folder}/uv.lock must be read by uv, which is not on the path: install uv, or run 'uv export --frozen --no-dev --no-emit-project -o requirements.txt' where it is`,
    ]);
  });
});

describe("what locks the packages of a Python function", () => {
  const project = (dependencies: string) => `[project]\nname = "shop"\n${dependencies}\n\n[tool.ruff]\n`;
  const unlocked = `${folder}/pyproject.toml must have its dependencies locked: run 'uv lock' here, or write requirements.txt`;
  const unread = (name: string) =>
    `${folder}/${name} must not be all that locks packages here: synthesis installs what requirements.txt or uv.lock locks, so export this file to requirements.txt`;

  test.each<[string, Files, string[]]>([
    ["dependencies", { "pyproject.toml": project('dependencies = [\n  # why\n  "six",\n]') }, [unlocked]],
    [
      "Poetry's",
      { "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\nsix = "*"\n' },
      [unlocked],
    ],
    ["no dependencies", { "pyproject.toml": project("dependencies = []") }, []],
    ["Poetry's Python", { "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\n' }, []],
    ["a tool's", { "pyproject.toml": `${project("")}[tool.hatch.envs.a]\ndependencies = ["six"]\n` }, []],
    ["requirements too", { "pyproject.toml": project('dependencies = ["six"]'), "requirements.txt": "" }, []],
    ["poetry.lock", { "pyproject.toml": "", "poetry.lock": "" }, [unread("poetry.lock")]],
    ["Pipfile.lock", { "Pipfile.lock": "{}" }, [unread("Pipfile.lock")]],
    ["poetry.lock with its export", { "poetry.lock": "", "requirements.txt": "" }, []],
  ])("%s", async (_, files, expected) => {
    expect((await packagedOf(python(files))).lines).toEqual(expected);
  });

  /** What uv 0.13 prints: `--locked --offline`, then `--frozen`. */
  const uv = (locked: string, frozen = "exit 1") => {
    const bin = temporaryFolder();
    const script = `#!/bin/sh\ncase "$*" in\n*--locked*) ${locked} ;;\n*) ${frozen} ;;\nesac\n`;
    writeFileSync(join(bin, "uv"), script, { mode: 0o755 });
    process.env["PATH"] = `${bin}:${before["PATH"]}`;
  };

  test.each([
    "error: The lockfile at `uv.lock` needs to be updated, but `--locked` was provided.",
    "error: No solution found when resolving dependencies",
  ])("uv.lock of other dependencies is refused: %s", async (printed) => {
    uv(`echo '${printed}' >&2; exit 1`, "exit 0");
    expect((await packagedOf(python({ "uv.lock": "" }))).lines).toEqual([
      `${folder}/uv.lock must be in sync with pyproject.toml: run 'uv lock' in ${folder}`,
    ]);
  });

  test("uv.lock is read as it stands where uv cannot compare it", async () => {
    uv("echo 'error: No interpreter found for Python 3.14' >&2; exit 2", "exit 0");
    expect((await packagedOf(python({ "uv.lock": "" }))).lines).toEqual([]);
  });
});

test("a virtual environment beside the handler is this machine's, and not packaged", async () => {
  const files = { "venv/pyvenv.cfg": "", "venv/lib/six.py": "", "lib/own.py": "" };
  const { textsOf } = await packagedOf(python(files));
  expect(Object.keys(textsOf("shop-dev-v1"))).toEqual(["lib/own.py", "shop.py"]);
});

describePython("a Python handler finds of this machine", () => {
  const answer = async (code: string, files: Files = {}, environment = {}) => {
    const { packages } = await packagedOf(python({ ...files, "shop.py": code }));
    return answerOf(packages.get("shop-dev-v1") ?? new Map(), "python3.12", environment);
  };

  test("no package but those that Lambda brings", async () => {
    // pip is wherever Python is.
    expect(await answer(`import pip\n${handler}1\n`)).toMatch(/ModuleNotFoundError: No module named 'pip'/);
    expect(await answer(`import sys\n${handler}[p for p in sys.path if "-packages" in p]\n`)).toEqual([]);
  });

  test("Python's own modules, and the folders of PYTHONPATH", async () => {
    const code = `import ctypes, json, xml.etree.ElementTree, inner\n${handler}inner.NAME\n`;
    const files = { "lib/inner.py": 'NAME = "inner"\n' };
    expect(await answer(code, files)).toMatch(/No module named 'inner'/);
    expect(await answer(code, files, { PYTHONPATH: "lib" })).toBe("inner");
  });

  test("a native file that is made for another system is named where it is not found", async () => {
    const files = { "fast.cpython-399-x86_64-linux-gnu.so": "" };
    expect(await answer(`import fast\n${handler}1\n`, files)).toMatch(
      /^fast\.cpython-399-x86_64-linux-gnu\.so of the package is not for this machine, Python 3\.\d+ on \w+: it runs in Lambda\n/,
    );
  });
});
