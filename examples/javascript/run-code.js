// For a host program that has code to run: the argument is the body of a function.
// From Java: Capsule.run(Path.of("run-code.js"), code)
import { task } from "@capsule-run/sdk";

export const main = task(
  { name: "main", compute: "HIGH", ram: "64MB", timeout: "10s" },
  (code) => new Function(code)(),
);
