import "cdktf/lib/testing/adapters/jest";
import { Testing } from "cdktf";

Testing.setupJest();
// A stack trace for every construct would take half of a synthesis, and no test reads one.
require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];

// A machine that does other things at the same time is slower, and no test is about how fast it is.
jest.setTimeout(30_000);
