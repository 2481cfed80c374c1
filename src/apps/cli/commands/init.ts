import type {Command} from 'commander';

/** Declares `init`. */
export function initCommand(program: Command): void {
  program
    .command('init')
    .description('add the entry for Lambda, sample events and scripts to a Revideo project')
    .argument('[project]', 'the project: its folder, or its project file', '.')
    .option('--dry-run', 'only say what would be added')
    .addHelpText('after', HELP)
    .action(async (project, options) => (await import('../init.ts')).init(project, options));
}

const HELP = `
It adds src/lambda.ts, events/*.json and scripts such as lambda:deploy. Files and scripts that exist stay as they are.`;
