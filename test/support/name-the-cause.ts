import fc from 'fast-check';

// What a property failed with stands in its message. As a cause it would miss in .ci/run's report, and a rare failure could not be told from another.
fc.configureGlobal({includeErrorInReport: true});
