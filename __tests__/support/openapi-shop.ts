import { stringify } from "yaml";
import { filesOnDisk } from "../../src/release/files/project-files";
import { givenFingerprint } from "../../src/release/verbs/given-fingerprint";
import { path } from "./openapi";
import { createProject, type Files, shop } from "./project";

/** The shop whose two versions have the document's definition. */
export function shopOfDocument(api: object, release: object = {}): Files {
  const fingerprint = fingerprintIn(api);
  const versions = { v1: { fingerprint }, v2: { fingerprint } };
  return shop({ api: { openapi: path }, versions, ...release }, { [path]: stringify(api) });
}

export function fingerprintIn(api: object): string | undefined {
  const files = shop({ api: { openapi: path } }, { [path]: stringify(api) });
  return givenFingerprint(filesOnDisk(createProject(files)), "dev", "shop");
}
