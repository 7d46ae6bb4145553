// A machine that does other things at the same time is slower, and no test is about how fast it is.
jest.setTimeout(30_000);
