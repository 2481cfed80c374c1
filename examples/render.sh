#!/bin/sh
# Renders a film in the cloud and fetches it: sh examples/render.sh FUNCTION FILE [VARIABLES]
#
# Region, credentials and AWS_ENDPOINT_URL_LAMBDA are found as the aws command finds them.
set -eu
function=${1:?the name of the function} file=${2:?the file for the film} variables='{"message": "Hello!"}'
[ $# -lt 3 ] || variables=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A name of its own, so that the same event can be sent again.
job="film-$(date +%s)-$$"
printf '{"jobType": "fullRender", "jobId": "%s", "variables": %s, "quality": "balanced"}' \
  "$job" "$variables" >"$work/event.json"

# A film that takes longer than a function may run continues in another one: the same event waits on.
while :; do
  failed=$(aws lambda invoke --function-name "$function" --payload "fileb://$work/event.json" \
    --cli-read-timeout 0 --query FunctionError --output text "$work/answer.json")
  if [ "$failed" != None ]; then
    cat "$work/answer.json" >&2
    exit 1
  fi
  grep -q '"state":"continues"' "$work/answer.json" || break
done

url=$(sed -n 's/.*"resultUrl":"\([^"]*\)".*/\1/p' "$work/answer.json")
curl --fail --silent --show-error --output "$file" "$url"
echo "$file: $(sed -n 's/.*"frames":\([0-9]*\).*/\1/p' "$work/answer.json") frames"
