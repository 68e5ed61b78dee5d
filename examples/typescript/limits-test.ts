// Each sub-task runs into one of its limits; the report says which.
import { task } from "@capsule-run/sdk";

const sleepsTooLong = task({ name: "sleepsTooLong", timeout: 200 }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 10_000));
});

const computesTooLong = task({ name: "computesTooLong", timeout: "200ms", compute: "HIGH" }, () => {
  for (;;);
});

const computesTooMuch = task({ name: "computesTooMuch", compute: "LOW" }, () => {
  let x = 0;
  for (;;) x = Math.sqrt(x + 1);
});

const remembersTooMuch = task({ name: "remembersTooMuch", ram: "16MB", compute: "HIGH" }, () => {
  const kept: Uint8Array[] = [];
  for (;;) kept.push(new Uint8Array(1 << 20));
});

const recursesForever = task({ name: "recursesForever" }, () => {
  const f = (): number => 1 + f();
  return f();
});

export const main = task({ name: "main", compute: "HIGH", timeout: "120s" }, async () => {
  const outcomes = await Promise.all([
    sleepsTooLong(),
    computesTooLong.aio(),
    computesTooMuch.aio(),
    remembersTooMuch.aio(),
    recursesForever.aio(),
  ]);
  const report: Record<string, string> = {};
  for (const { execution, error } of outcomes) {
    report[execution.task_name] = error.error_type;
    console.log(`${execution.task_name}: ${error.error_type}: ${error.message}`);
  }
  return report;
});
