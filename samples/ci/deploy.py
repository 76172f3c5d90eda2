#!/usr/bin/env python3
"""deploy.py DEPLOYMENT CHART: installs another chart version, prints the log while it is written, fails if the task does.

PLATZ_URL and PLATZ_TOKEN say where and as whom. Needs nothing but Python 3.
"""
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

BASE = os.environ["PLATZ_URL"].rstrip("/") + "/api/v2"
TOKEN = os.environ["PLATZ_TOKEN"]


def call(method, path, body=None, **headers):
    request = urllib.request.Request(
        BASE + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"x-platz-token": TOKEN, "Content-Type": "application/json", **headers})
    return urllib.request.urlopen(request, timeout=60)  # an empty line comes every 15 seconds


def deploy(deployment, chart):
    key = os.environ.get("PLATZ_KEY", str(uuid.uuid4()))
    with call("PUT", f"/deployments/{deployment}", {"helm_chart_id": chart}, **{"Idempotency-Key": key}) as answer:
        return answer.headers["x-platz-task-id"]


def follow(task):
    """Prints the log; goes on behind the last line it has after each break. Returns how the task has ended."""
    seq = 0
    while True:
        try:
            with call("GET", f"/deployment-tasks/{task}/log?format=ndjson&follow=true&after={seq}") as lines:
                for line in map(json.loads, filter(None, map(bytes.strip, lines))):
                    if "end" in line:
                        return line
                    seq = line["seq"]
                    print(line["text"], flush=True)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                raise
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(5)


def main():
    try:
        end = follow(deploy(*sys.argv[1:3]))
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {json.load(error)['message']}")
    if end["status"] != "Done":
        sys.exit(f"{end['status']}: {end['reason']}")


if __name__ == "__main__":
    main()
