import { fstatSync } from "node:fs";
import { guardPrinting } from "./printable";
import { writeAll } from "./whole-file";

/** What a shell reports of a program that a closed pipe has ended: 128 and the number of SIGPIPE. */
const closedPipe = 141;

/**
 * Guards what a program prints, of which each calls this once. What others wrote is printed as text and does nothing.
 *
 * The program ends with a line on stderr where its output cannot be written, as on a full disk: else it would end as if
 * all was well. Where the reader has gone, as `head` does, it ends quietly with 141.
 *
 * @param exitCode of a program whose output is lost
 */
export function guardOutput(exitCode: number): void {
  guardPrinting();
  const { stdout } = process;
  const end = ({ code, message }: NodeJS.ErrnoException): never => {
    if (code === "EPIPE") process.exit(closedPipe);
    process.stderr.write(`error: the output cannot be written: ${code ?? message}\n`);
    process.exit(exitCode);
  };
  stdout.on("error", end);
  if (!isFile(stdout)) return;
  // Node's own write to a file forgets what a nearly full disk did not take. It also tells of an error only later, when
  // the program may have ended.
  stdout._write = (chunk: Uint8Array, _encoding, done) => {
    try {
      writeAll(stdout.fd, chunk);
    } catch (error) {
      end(error as NodeJS.ErrnoException);
    }
    done();
  };
}

/** A file or a device: neither a terminal nor a pipe. */
function isFile({ fd, isTTY }: NodeJS.WriteStream & { readonly fd: number }): boolean {
  const found = fstatSync(fd);
  return found.isFile() || (found.isCharacterDevice() && !isTTY);
}
