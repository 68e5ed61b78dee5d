"""Two sub-tasks may speak to one host; main may not. Arguments: the base URL of a server on
localhost that answers GET /posts/1 and POST /posts with JSON."""

import json
import urllib.error
import urllib.request

from capsule import http, task


@task(allowed_hosts=["localhost"])
def fetch_post(base):
    with urllib.request.urlopen(base + "/posts/1") as response:
        return json.load(response)


@task(allowed_hosts=["localhost"])
def create_post(base, title):
    response = http.post(base + "/posts", json_data={"title": title})
    return response.json()


@task(name="main")
def main(base):
    fetched = fetch_post.value(base)
    created = create_post.value(base, title="A new post")
    print("Fetched post:", fetched["title"])
    print("Created post with id:", created["id"])
    try:
        http.get(base + "/posts/1")
        denied = False
    except Exception:
        denied = True
    return {"fetched": fetched, "created": created, "main_is_denied": denied}
