// main may read ./data, its sub-task may also write there. Run it in this directory.
import { task } from "@capsule-run/sdk";
import fs from "node:fs";

const restrictedWriter = task(
  { name: "restrictedWriter", allowedFiles: [{ path: "./data", mode: "read-write" }] },
  (lines, first) => {
    fs.writeFileSync("data/output.txt", `Processed ${lines} lines\nFirst line: ${first}\n`);
    return { written: true };
  },
);

export const main = task({ name: "main", allowedFiles: ["./data:ro"] }, async () => {
  const lines = fs.readFileSync("data/input.txt", "utf8").trimEnd().split("\n");
  return {
    firstLine: lines[0],
    inputLines: lines.length,
    writeResult: await restrictedWriter(lines.length, lines[0]),
  };
});
