import type {Command} from 'commander';

/** Declares a command whose options a program of its own reads: also `--help`. */
const declare =
  (name: 'image' | 'deploy' | 'destroy' | 'policies', {usage, says}: {usage: string; says: string}) =>
  (program: Command): void => {
    program
      .command(name)
      .description(says)
      .usage(usage)
      .argument('[arguments...]', `see ${name} --help`)
      .helpOption(false)
      .allowUnknownOption()
      .action(async (args) => (await import('../start-program.ts')).startProgram(name, args));
  };

/** Declares `image`: what `npm run image` does. */
export const imageCommand = declare('image', {
  usage: '[options]',
  says: 'build the container image of the function',
});

/** Declares `deploy`: what `npm run deploy` does. */
export const deployCommand = declare('deploy', {
  usage: '[options]',
  says: 'create or update the function, its bucket and its role on AWS',
});

/** Declares `destroy`: what `npm run destroy` does. */
export const destroyCommand = declare('destroy', {
  usage: '[options]',
  says: 'remove from AWS what deploy made, except the films',
});

/** Declares `policies`: what `npm run policies` does. */
export const policiesCommand = declare('policies', {
  usage: '[name] [options]',
  says: 'print the policies that a deployment by hand needs, filled in',
});
