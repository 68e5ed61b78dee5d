// Two sub-tasks may speak to one host; main may not. Arguments: the base URL of a server on
// localhost that answers GET /posts/1 and POST /posts with JSON.
import { task } from "@capsule-run/sdk";

const fetchPost = task({ name: "fetchPost", allowedHosts: ["localhost"] }, async (base) => {
  const response = await fetch(`${base}/posts/1`);
  return response.json();
});

const createPost = task({ name: "createPost", allowedHosts: ["localhost"] }, async (base, title) => {
  const response = await fetch(`${base}/posts`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ title }),
  });
  return response.json();
});

export const main = task({ name: "main" }, async (base) => {
  const [fetched, created] = await Promise.all([fetchPost(base), createPost(base, "A new post")]);
  console.log("Fetched post:", fetched.result.title);
  console.log("Created post with id:", created.result.id);
  const denied = await fetch(`${base}/posts/1`).then(() => false, () => true);
  return { fetched: fetched.result, created: created.result, mainIsDenied: denied };
});
