import { guardOutput } from "../terminal/output";
import { run } from "./cli";

guardOutput(2);
run(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  // What a call that ran out of time has left open does not keep the command.
  setTimeout(() => process.exit(), 1_000).unref();
});
