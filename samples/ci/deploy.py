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
ATTEMPTS = 120  # five seconds apart, while the server restarts or has enough to do


def call(method, path, body=None, **headers):
    request = urllib.request.Request(
        BASE + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"x-platz-token": TOKEN, "Content-Type": "application/json", **headers})
    return urllib.request.urlopen(request, timeout=60)  # an empty line comes every 15 seconds


def passes(error):
    """Whether it may be otherwise in a moment."""
    return not isinstance(error, urllib.error.HTTPError) or error.code >= 500 or error.code == 429


def deploy(deployment, chart):
    """Returns the task; None where there is nothing to do. The key lets it be asked for again without harm."""
    key = os.environ.get("PLATZ_KEY", str(uuid.uuid4()))
    for _ in range(ATTEMPTS):
        try:
            with call("PUT", f"/deployments/{deployment}", {"helm_chart_id": chart}, **{"Idempotency-Key": key}) as answer:
                return answer.headers["x-platz-task-id"]
        except (OSError, http.client.HTTPException) as error:
            if not passes(error):
                raise
        time.sleep(5)
    sys.exit("The server does not answer.")


def follow(task):
    """Prints the log; goes on behind the last line it has after each break. Returns how the task has ended."""
    seq, left = 0, ATTEMPTS
    while left:
        left -= 1
        try:
            with call("GET", f"/deployment-tasks/{task}/log?format=ndjson&follow=true&after={seq}") as lines:
                left = ATTEMPTS
                for line in map(json.loads, filter(None, map(bytes.strip, lines))):
                    if "end" in line:
                        return line
                    seq = line["seq"]
                    print(line["text"], flush=True)
        except (OSError, http.client.HTTPException, ValueError) as error:  # a line may break off, too
            if not passes(error):
                raise
        time.sleep(5)
    sys.exit("The server does not answer.")


def words(error):
    try:
        return json.load(error)["message"]
    except (ValueError, KeyError, TypeError):
        return error.reason


def main():
    try:
        task = deploy(*sys.argv[1:3])
        if task is None:
            return print("Saved; nothing is to be done while the deployment is disabled.")
        end = follow(task)
    except urllib.error.HTTPError as error:
        sys.exit(f"{error.code}: {words(error)}")
    if end["status"] != "Done":
        sys.exit(f"{end['status']}: {end['reason']}")


if __name__ == "__main__":
    main()
