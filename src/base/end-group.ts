/**
 * Ends a process that leads its own group (`detached`) and every process it has started, also those that
 * outlive it and keep its output open. Does nothing if the group is empty.
 */
export function endGroup(leader: number | undefined): void {
  try {
    if (leader) process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // The group is empty.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
