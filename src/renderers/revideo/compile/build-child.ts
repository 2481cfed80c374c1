import {registerHooks} from 'node:module';
import {getOneMessage, sendMessage} from 'execa';
import {endGroup} from '../../../base/end-group.ts';
import {toRenderError} from '../../../base/errors.ts';
import type {BuildAnswer, BuildOrder} from './run-build.ts';

// A project without packages of its own may import `vite`, or Revideo's plugin, in its settings: from here, then.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      const isOurs = /^(?:vite|@revideo\/[a-z\d-]+)(?:\/|$)/.test(specifier);
      if (!isOurs || context.parentURL === import.meta.url) throw error;
      // As an address: a `require` in a settings file resolves from that file, whatever parent it is given.
      return {url: import.meta.resolve(specifier), shortCircuit: true};
    }
  },
});

const {project, outDir, own, token} = (await getOneMessage()) as unknown as BuildOrder;
const send = (answer: BuildAnswer) => sendMessage(answer as never);
// The parent is gone, and nothing else ends this group.
process.once('disconnect', () => endGroup(process.pid));
try {
  const {build} = await import('./build.ts');
  const {takeConfig} = await import('./vite-config.ts');
  const taken = own.config ? await takeConfig(own.config, project.folder) : undefined;
  const inputs = await build(project, outDir, {taken, postcss: own.postcss !== undefined});
  await send({token, inputs, ...(taken?.publicFolder !== undefined && {publicFolder: taken.publicFolder})});
} catch (error) {
  const {name, message} = toRenderError(error);
  await send({token, failed: {name, message}});
}
// A plugin may have left a server or a timer behind.
process.exit();
