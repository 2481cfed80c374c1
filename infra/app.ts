import {App} from 'aws-cdk-lib';
import {runCommand} from '../image/command.ts';
import {readSettings} from './settings.ts';
import {RenderStack} from './stack.ts';

/** What `cdk` runs: see cdk.json. Settings are context values, from there or from `--context`. */
await runCommand(async () => {
  const app = new App();
  const given = Object.entries(app.node.getAllContext() as Record<string, unknown>);
  // CDK's own values have a prefix.
  const settings = readSettings(Object.fromEntries(given.filter(([name]) => !/[:/]/.test(name))));
  new RenderStack(app, settings);
  app.synth();
});
