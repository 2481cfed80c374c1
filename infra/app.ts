import {App} from 'aws-cdk-lib';
import {runCommand} from '../image/command.ts';
import {HANDED_OVER, ownContext, readSettings} from './settings.ts';
import {RenderStack} from './stack.ts';

/**
 * The program that `cdk` runs: see cdk.json. Settings are context values, from there or from `--context`, and
 * those of deploy.ts.
 */
await runCommand(async () => {
  const app = new App();
  const handedOver = JSON.parse(process.env[HANDED_OVER] ?? '{}');
  const settings = readSettings({...ownContext(app.node.getAllContext()), ...handedOver});
  new RenderStack(app, settings);
  app.synth();
});
