/** Whether a key is one that outlives its job: chunks, for a day, and the records of runs, for 30. */
export const outlivesJob = (key: string): boolean => key.startsWith('chunks/') || key.includes('/runs/');
