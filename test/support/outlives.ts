/** Whether a key is one that outlives its job: chunks, for a day, and what is known of the job, for 30. */
export const outlivesJob = (key: string): boolean =>
  key.startsWith('chunks/') || key.includes('/runs/') || /\/(progress\.json|report\.html)$/.test(key);
