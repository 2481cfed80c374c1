import fc from 'fast-check';

// A failed property's message names its cause. The report of .ci/run has messages alone, and without the cause nobody
// could tell one rare failure from another.
fc.configureGlobal({includeErrorInReport: true});
