// A program with memory of its own: it writes so many MiB, and ends after so many seconds; else it writes more when it is told
// to, and ends with its input.
const kept = [];
function allocate(mebibytes) {
  kept.push(Buffer.alloc(mebibytes * 2 ** 20, 1));
  console.log("ready");
}

const [mebibytes, seconds] = process.argv.slice(2).map(Number);
if (seconds !== undefined) setTimeout(() => process.exit(), seconds * 1000);
else process.stdin.on("data", (text) => allocate(Number(text))).on("end", () => process.exit());
allocate(mebibytes);
