"""Splits a table, sums the parts at the same time in sandboxes of their own, and adds up. Only main
may read the file. Run it in this directory."""

import csv

from capsule import task

PARTS = 4


@task(compute="LOW", ram="64MB", timeout="10s")
def total_by_city(rows):
    totals = {}
    for row in rows:
        totals[row["city"]] = totals.get(row["city"], 0) + int(row["amount"])
    return totals


@task(name="main", allowed_files=["./data:ro"])
def main():
    with open("data/sales.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    parts = [rows[start::PARTS] for start in range(PARTS)]
    totals = {}
    for part in total_by_city.map(parts):
        for city, amount in part.items():
            totals[city] = totals.get(city, 0) + amount
    return {"rows": len(rows), "totals": dict(sorted(totals.items()))}
