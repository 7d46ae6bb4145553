import { App } from "cdktf";
import { addReleases } from "lambda-release";

const app = new App();
addReleases(app, __dirname).then(() => app.synth());
