// The smallest program: capsule run examples/javascript/hello.js Ada
import { task } from "@capsule-run/sdk";

const greet = task(
  { name: "greet", compute: "LOW", ram: "64MB", timeout: "10s" },
  (name) => `Hello, ${name}!`,
);

export const main = task({ name: "main" }, async (name = "world") => {
  const { result } = await greet(name); // runs in a sandbox of its own
  console.log(result);
  return { greeting: result };
});
