// The smallest program: capsule run examples/typescript/hello.ts Ada
import { task } from "@capsule-run/sdk";

interface Greeting {
  greeting: string;
}

const greet = task(
  { name: "greet", compute: "LOW", ram: "64MB", timeout: "10s" },
  (name: string): string => `Hello, ${name}!`,
);

export const main = task(
  { name: "main", compute: "MEDIUM" },
  async (name: string = "world"): Promise<Greeting> => {
    const { result } = await greet(name); // runs in a sandbox of its own
    console.log(result);
    return { greeting: result };
  },
);
