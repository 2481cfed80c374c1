import type {Command} from 'commander';
import type {Interrupt} from '../interrupt.ts';

/** Declares `check-deployment`. */
export function checkDeploymentCommand(program: Command, interrupt: Interrupt): void {
  program
    .command('check-deployment')
    .description('try out a deployed function, and say what is wrong and how to mend it')
    .requiredOption('--function <name>', 'its name or ARN')
    .option('--endpoint-url <url>', "a service other than AWS's own, such as the one serve starts")
    .option('--region <name>', 'the AWS region (default: as the AWS SDK finds it)')
    .action(async (options) => (await import('../check-deployment.ts')).checkDeployment(options, interrupt));
}
