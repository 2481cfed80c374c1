#!/bin/sh
# As Lambda's own: is given the handler, lambda.handler for the export `handler` of lambda.mjs.
file=$LAMBDA_TASK_ROOT/${1%.*}
for ending in js mjs cjs; do
  if [ -f "$file.$ending" ]; then exec node "$LAMBDA_RUNTIME_DIR/runtime.mjs" "$file.$ending" "${1##*.}"; fi
done
echo "There is no handler $1 in $LAMBDA_TASK_ROOT." >&2
exit 1
