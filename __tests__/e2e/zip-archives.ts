import { resolveArchives } from "../plans/archives";

// Of the stack in whose folder Terraform is started.
resolveArchives(process.cwd());
