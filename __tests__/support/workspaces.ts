import { entries, type LockedPackage } from "./locked-packages";
import { type Files, shop } from "./project";

const money = "packages/money";
const folders = ["lambdas/shop/v1", "lambdas/shop/v2", money] as const;
const manifests = {
  "lambdas/shop/v1": { name: "shop-v1", dependencies: { "left-pad": "1.2.0" } },
  "lambdas/shop/v2": {
    name: "shop-v2",
    dependencies: { "@acme/money": "*" },
    devDependencies: { "node-gyp-build": "4.8.4" },
  },
  [money]: { name: "@acme/money", main: "src/money.ts", dependencies: { "left-pad": "1.3.0" } },
} as const;

interface Changed {
  /** What only the root needs. */
  readonly tool?: LockedPackage;
  /** What the linked package needs. */
  readonly padding?: LockedPackage;
  /** What the linked package puts before an amount. */
  readonly sign?: string;
}

/**
 * A repository of npm workspaces, with one lock file as npm writes it: both versions of the shop are workspaces, and v2
 * needs the package `@acme/money` beside them, which has another version of a package than v1 has.
 */
export function monorepo({
  tool = "bufferutil 4.0.8",
  padding = "left-pad 1.3.0",
  sign = "EUR",
}: Changed = {}): Files {
  const [name = "", version = ""] = tool.split(" ");
  const padded = padding.split(" ")[1] ?? "";
  const root = {
    private: true,
    workspaces: ["lambdas/*/*", "packages/*"],
    devDependencies: { [name]: version },
  };
  const given = { ...manifests, [money]: { ...manifests[money], dependencies: { "left-pad": padded } } };
  const inLock = folders.map((folder) => [folder, { version: "1.0.0", ...given[folder] }] as const);
  const links = inLock.map(
    ([folder, one]) => [`node_modules/${one.name}`, { resolved: folder, link: true }] as const,
  );
  return {
    ...shop({}),
    "package.json": root,
    "package-lock.json": {
      name: "root",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": root,
        ...Object.fromEntries([...inLock, ...links]),
        [`node_modules/${name}`]: { ...entries[tool], dev: true },
        "node_modules/node-gyp-build": { ...entries["node-gyp-build 4.8.4"], dev: true },
        "node_modules/left-pad": entries["left-pad 1.2.0"],
        [`${money}/node_modules/left-pad`]: entries[padding],
      },
    },
    ...Object.fromEntries(
      inLock.map(([folder, one]) => [`${folder}/package.json`, { private: true, ...one }]),
    ),
    "lambdas/shop/v1/shop.ts":
      'import pad from "left-pad";\nexport const handler = async () => pad("1", 3, 0);\n',
    "lambdas/shop/v2/shop.ts":
      'import { price } from "@acme/money";\nexport const handler = async () => price("2");\n',
    [`${money}/src/money.ts`]: `import pad from "left-pad";\nimport { sign } from "./sign";\nexport const price = (amount: string): string => sign + pad(amount, 3, "0");\n`,
    [`${money}/src/sign.ts`]: `export const sign = "${sign}";\n`,
    // What somebody installed there is not what the lock file says.
    "node_modules/left-pad/index.js": 'module.exports = () => "of this machine";\n',
    [`${money}/node_modules/left-pad/index.js`]: 'module.exports = () => "of this machine";\n',
  };
}
