"""main may read ./data, its sub-task may also write there. Run it in this directory."""

from capsule import task


@task(allowed_files=[{"path": "./data", "mode": "read-write"}])
def restricted_writer(lines, first):
    with open("data/output.txt", "w") as file:
        file.write(f"Processed {lines} lines\nFirst line: {first}\n")
    return {"written": True}


@task(name="main", allowed_files=["./data:ro"])
def main():
    with open("data/input.txt") as file:
        lines = file.read().splitlines()
    try:
        open("data/output.txt", "w")
        raise AssertionError("main may only read")
    except PermissionError:
        pass
    outcome = restricted_writer(len(lines), lines[0])
    return {"first_line": lines[0], "input_lines": len(lines), "write_result": outcome}
