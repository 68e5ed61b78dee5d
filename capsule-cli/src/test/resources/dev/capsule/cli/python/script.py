import json, re, hashlib, sqlite3, zlib, decimal, asyncio, pathlib, tempfile, os, sys, time
print(json.dumps({"b": [1, 2.5, None], "a": "é"}, sort_keys=True))
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"))
print(hashlib.sha256(b"abc").hexdigest(), hashlib.md5(b"abc").hexdigest(), hashlib.blake2b(b"x").hexdigest()[:16])
db = sqlite3.connect(":memory:")
db.execute("create table t (a int, b text)")
db.executemany("insert into t values (?, ?)", [(i, "x" * i) for i in range(5)])
print(db.execute("select sum(a), max(length(b)) from t").fetchall())
fdb = sqlite3.connect("/data/file.db")
fdb.execute("create table if not exists t (a int)")
fdb.execute("insert into t values (42)")
fdb.commit()
print(fdb.execute("select * from t").fetchall())
fdb.close()
os.remove("/data/file.db")
print(zlib.crc32(b"hello"), len(zlib.compress(b"a" * 1000)), zlib.decompress(zlib.compress(b"roundtrip")))
decimal.getcontext().prec = 30
print(decimal.Decimal(1) / decimal.Decimal(7))
async def main():
    async def work(n):
        await asyncio.sleep(0)
        return n * n
    return await asyncio.gather(*(work(n) for n in range(4)))
class Selector:
    def select(self, timeout):
        assert timeout == 0
        return []
class Loop(asyncio.BaseEventLoop):
    _selector = Selector()
    def _process_events(self, events):
        pass
loop = Loop()
print(loop.run_until_complete(main()))
loop.close()
p = pathlib.Path("/data/sub/deep")
p.mkdir(parents=True, exist_ok=True)
(p / "f.txt").write_text("text\n")
print((p / "f.txt").read_text(), p.exists(), sorted(x.name for x in pathlib.Path("/data").iterdir()))
with tempfile.TemporaryDirectory(dir="/data") as d:
    with tempfile.NamedTemporaryFile(dir=d, delete=False) as f:
        f.write(b"temp")
    print(os.path.getsize(f.name))
print(os.path.exists(d))
for e in sorted(os.scandir("/data"), key=lambda e: e.name):
    print(e.name, e.is_dir(), e.is_file())
(p / "f.txt").unlink()
p.rmdir(); p.parent.rmdir()
try:
    open("/data/missing")
except OSError as e:
    print(type(e).__name__, e.errno)
try:
    open("/etc/passwd")
except OSError as e:
    print(type(e).__name__, e.errno)
try:
    os.listdir("/data/..")
except OSError as e:
    print(type(e).__name__)
print(os.stat("/data/script.py").st_size > 100, os.environ.get("X"), sys.argv)
