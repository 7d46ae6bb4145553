import type { Files } from "./project";

/** Small packages of npm, as a lock file has them. */
export const entries = {
  "left-pad 1.0.2": {
    version: "1.0.2",
    integrity:
      "sha512-i+siCE/qH/g/aFBfv9alTWzGetfoI8pw4mT4L4DA1kcCZwxnLzCpW5W96BmcNZvSsEStD0mn3NInNjp+CXb1lw==",
  },
  // Its code is that of 1.3.0, to the byte.
  "left-pad 1.2.0": {
    version: "1.2.0",
    integrity:
      "sha512-OQadpCyFCT/VLniZQgym8d3/ofIJtuZyw2ibsVeIUOexKgW/osn8+mMFJbwGMPeDC4GnLzD8q115WPCDx4YRWg==",
  },
  "left-pad 1.3.0": {
    version: "1.3.0",
    integrity:
      "sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA==",
  },
  "bufferutil 4.0.8": {
    version: "4.0.8",
    integrity:
      "sha512-4T53u4PdgsXqKaIctwF8ifXlRTTmEPJ8iEPWFdGZvcf7sbwYo6FKFEX9eNNAnzFZ7EzJAQ3CJeOtCRA4rDp7Pw==",
    dependencies: { "node-gyp-build": "^4.3.0" },
  },
  "node-gyp-build 4.8.4": {
    version: "4.8.4",
    integrity:
      "sha512-LA4ZjwlnUblHVgq0oBF3Jl/6h/Nvs5fzBLwdEF4nuxnFdsfajde4WfxtJr3CaiH+F6ewcIB/q4jQ4UzPyid+CQ==",
  },
} as const;

export type LockedPackage = keyof typeof entries;

/** The package.json and package-lock.json of a folder with these packages, the first of which it asks for. */
export function locked(folder: string, first: LockedPackage, ...others: readonly LockedPackage[]): Files {
  const nameOf = (one: LockedPackage) => one.split(" ")[0] ?? "";
  const dependencies = { [nameOf(first)]: entries[first].version };
  const packages = [first, ...others].map((one) => [`node_modules/${nameOf(one)}`, entries[one]]);
  return {
    [`${folder}/package.json`]: { private: true, dependencies },
    [`${folder}/package-lock.json`]: {
      lockfileVersion: 3,
      requires: true,
      packages: { "": { dependencies }, ...Object.fromEntries(packages) },
    },
  };
}
