// For each line of a dialogue an agent asks a model for its emotion, and a writer appends it to a
// table. Every role has exactly the rights that it needs. Give MODEL_URL in .env to ask a server on
// localhost; without it, a few words decide.
//
//   cd examples/typescript/dialogue-evaluator && capsule run
import { task } from "@capsule-run/sdk";
import fs from "node:fs/promises";

const readLines = task(
  { name: "readLines", compute: "LOW", allowedFiles: ["source:ro"] },
  async (): Promise<string[]> =>
    JSON.parse(await fs.readFile("source/dialogue-lines.json", "utf8")),
);

const askModel = task(
  {
    name: "askModel",
    allowedHosts: ["localhost"],
    envVariables: ["MODEL_URL"],
    maxRequests: 1,
    timeout: "30s",
  },
  async (line: string): Promise<string> => {
    const url = process.env.MODEL_URL;
    if (url) {
      const response = await fetch(url, { method: "POST", body: JSON.stringify({ line }) });
      return (await response.json()).emotion;
    }
    if (/believe|thank|won/i.test(line)) return "joy";
    if (/alone|purpose/i.test(line)) return "anger";
    if (/noise/i.test(line)) return "fear";
    return "neutral";
  },
);

const writeRow = task(
  { name: "writeRow", compute: "LOW", allowedFiles: ["output"] },
  async (row: string): Promise<void> => {
    await fs.appendFile("output/evaluated-dialogue-lines.csv", row + "\n");
  },
);

const evaluate = task(
  { name: "evaluate", maxRetries: 1, timeout: "20s" },
  async (line: string): Promise<string> => {
    const emotion = (await askModel(line)).value;
    (await writeRow(`"${line.replaceAll('"', '""')}",${emotion}`)).value;
    return emotion;
  },
);

export const main = task({ name: "main", compute: "HIGH", allowedFiles: ["output"] }, async () => {
  await fs.writeFile("output/evaluated-dialogue-lines.csv", "dialogue,emotion\n");
  const lines = (await readLines()).value;
  const outcomes = await Promise.all(lines.map((line) => evaluate(line)));
  const failed = outcomes.filter((outcome) => !outcome.success).length;
  console.log(`${outcomes.length - failed} evaluated, ${failed} failed`);
  return { evaluated: outcomes.length - failed, failed };
});
