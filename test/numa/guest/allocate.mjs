// A program with memory of its own: it writes so many MiB, more when it is told to, and ends with its input.
const kept = [];
function allocate(mebibytes) {
  kept.push(Buffer.alloc(mebibytes * 2 ** 20, 1));
  console.log("ready");
}

process.stdin.on("data", (text) => allocate(Number(text))).on("end", () => process.exit());
allocate(Number(process.argv[2]));
