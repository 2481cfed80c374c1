/**
 * Ends a process that leads a group of its own (`detached`), and all that it has started: also programs that outlive it
 * and keep its output open. Does nothing where nobody is left.
 */
export function endGroup(leader: number | undefined): void {
  try {
    if (leader) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // Nobody left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
