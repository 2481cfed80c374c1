"""Renders a film in the cloud and fetches it: python3 examples/render.py FUNCTION FILE [MESSAGE]"""

import json
import sys
import time
import urllib.request
import uuid

import boto3

if len(sys.argv) < 3:
    sys.exit(__doc__)
function, file = sys.argv[1:3]
message = sys.argv[3] if len(sys.argv) > 3 else "Hello!"
# Region, credentials and AWS_ENDPOINT_URL_LAMBDA are found as boto3 finds them.
client = boto3.client("lambda")
WAITING = ("unknown", "running", "waiting")


def invoke(event, kind="RequestResponse"):
    while True:
        try:
            answer = client.invoke(FunctionName=function, InvocationType=kind, Payload=json.dumps(event))
            break
        except client.exceptions.TooManyRequestsException:
            # The job's own workers may take all the room there is.
            time.sleep(5)
    said = json.loads(answer["Payload"].read() or "null")
    if "FunctionError" in answer:
        sys.exit(f"{said['errorType']}: {said['errorMessage']}")
    return said


# A name of its own, so that it can be asked for, and the same event sent again.
job = {
    "jobType": "fullRender",
    "jobId": str(uuid.uuid4()),
    "variables": {"message": message},
    "quality": "balanced",
}
invoke(job, "Event")

sent = 1
sign, since = None, time.monotonic()
while (status := invoke({"jobType": "status", "jobId": job["jobId"]}))["state"] in WAITING:
    if progress := status.get("progress"):
        print(f"{progress['phase']}: {progress['framesDrawn']} of {progress['frames']} frames", file=sys.stderr)
    if sign != (status["run"], status["beat"]):
        sign, since = (status["run"], status["beat"]), time.monotonic()
    elif time.monotonic() - since > 60:
        # Whoever rendered it is dead, or nobody has begun. The same event again goes on where that one was.
        if sent == 3:
            sys.exit(f"JobLost: nobody renders job {job['jobId']}. The function's log may say why.")
        invoke(job, "Event")
        sent, since = sent + 1, time.monotonic()
    time.sleep(2)

if status["state"] != "finished":
    error = status.get("error", {"errorType": "Cancelled", "errorMessage": "Somebody has cancelled the job."})
    sys.exit(f"{error['errorType']}: {error['errorMessage']}")
urllib.request.urlretrieve(status["result"]["resultUrl"], file)
print(f"{file}: {status['result']['frames']} frames")
