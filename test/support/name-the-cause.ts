import fc from 'fast-check';

// A failed property's message names its cause. The report of .ci/run has messages alone, and without the cause one
// rare failure looks like another.
fc.configureGlobal({includeErrorInReport: true});
