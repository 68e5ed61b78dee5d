import { task } from "@capsule-run/sdk";
import { evaluate } from "@capsule-run/sdk/script";

export const main = task({ name: "main" }, evaluate);
