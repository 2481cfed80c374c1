import type {Command} from 'commander';

/**
 * Makes a program report wrong usage as every command does: one line that begins with `BadSetting`, and a hint at
 * the help. Commander then throws its own error and does not end the process. Subcommands that are added later
 * inherit this. Returns the program.
 */
export const refuseWrongUsage = (program: Command): Command =>
  program
    .showHelpAfterError('(add --help for the allowed options)')
    .configureOutput({outputError: (text, write) => write(text.replace(/^error:/, 'BadSetting:'))})
    .exitOverride();
