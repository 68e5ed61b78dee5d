"""An agent that writes code, runs it in a sandbox, reads the error and tries again.

The model is a task of its own, the only one that may use the network: give MODEL_URL in .env to ask
a server; without it, a scripted model answers. The code that it writes runs with nothing at all.

    capsule run examples/python/agent/agent.py "the sum of the first ten squares"
"""

import json
import os

from capsule import http, task

SCRIPT = [
    "result = sum(n * n for n in rang(1, 11))",
    "result = sum(n * n for n in range(1, 11))",
]


@task(allowed_hosts=["localhost"], env_variables=["MODEL_URL"], timeout="60s", max_requests=1)
def ask_model(question, history):
    url = os.environ.get("MODEL_URL")
    if not url:
        return SCRIPT[min(len(history), len(SCRIPT) - 1)]
    return http.post(url, json_data={"question": question, "history": history}).json()["code"]


@task(compute="LOW", ram="32MB", timeout="10s")
def run_code(code):
    names = {}
    exec(code, names)
    return names["result"]


@task(name="main", compute="HIGH", timeout="5m")
def main(question="the sum of the first ten squares"):
    history = []
    for attempt in range(1, 6):
        code = ask_model.value(question, history)
        outcome = run_code(code)
        print(f"attempt {attempt}: {code}")
        if outcome["success"]:
            print("  ->", json.dumps(outcome["result"]))
            return {"answer": outcome["result"], "attempts": attempt}
        error = outcome["error"]
        print("  ->", error["error_type"], error["message"])
        history.append({"code": code, "error": error["message"]})
    return {"answer": None, "attempts": attempt}
