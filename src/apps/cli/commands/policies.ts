import type {Command} from 'commander';

/** Declares `policies`. Its options are those of `npm run policies`. */
export function policiesCommand(program: Command): void {
  program
    .command('policies')
    .description('print the policies that a deployment by hand needs, filled in')
    .usage('[name] [options]')
    .argument('[arguments...]', 'see policies --help')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args) => (await import('../policies.ts')).policies(args));
}
