import "cdktf/lib/testing/adapters/jest";
import { Testing } from "cdktf";

/** Brings cdktf's matchers, and spares a synthesis half of its time: test files that need neither do not load cdktf. */
Testing.setupJest();
// A stack trace for every construct would take half of a synthesis, and no test reads one.
require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
