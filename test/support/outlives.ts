/** Whether a key outlives its job: chunks stay for a day, and the job's records for 30. */
export const outlivesJob = (key: string): boolean =>
  key.startsWith('chunks/') || key.includes('/runs/') || /\/(progress\.json|report\.html)$/.test(key);
