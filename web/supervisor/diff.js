/* diff.js - two texts line by line: what went, what came, and a little of what stayed around it. Pure. */

const AROUND = 2; /* lines that are shown of what stayed */
const CELLS_MAX = 16000000; /* beyond, all lines between the first and the last difference count as changed */

/* [{kind: "same" | "gone" | "come", text, line}]: line is that of the new text, of the old one for what is gone. */
export function lines(before, after) {
  const old = split(before), now = split(after), found = [];
  let head = 0, tail = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  for (let i = 0; i < head; i++) found.push({ kind: "same", text: now[i], line: i + 1 });
  found.push(...between(old.slice(head, old.length - tail), now.slice(head, now.length - tail), head));
  for (let i = now.length - tail; i < now.length; i++) found.push({ kind: "same", text: now[i], line: i + 1 });
  return found;
}

const split = (text) => (text ? text.replace(/\n$/, "").split("\n") : []);

/* Longest common subsequence: common[i][j] is its length behind old[i] and now[j]. */
function between(old, now, head) {
  const width = now.length + 1, isHuge = (old.length + 1) * width > CELLS_MAX, found = [];
  const common = isHuge ? null : new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; common && i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] = old[i] === now[j] ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < old.length || j < now.length;) {
    if (common && i < old.length && j < now.length && old[i] === now[j]) {
      found.push({ kind: "same", text: now[j], line: head + j + 1 });
      i++, j++;
    } else if (i < old.length && (j === now.length || !common || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      found.push({ kind: "gone", text: old[i], line: head + ++i });
    } else {
      found.push({ kind: "come", text: now[j], line: head + ++j });
    }
  }
  return found;
}

/* The changed lines in groups, each with what stands around it; [] if the texts are the same. */
export function hunks(before, after) {
  const all = lines(before, after), groups = [];
  let end = 0; /* the first line that is in no group yet */
  all.forEach(({ kind }, i) => {
    if (kind === "same") return;
    const from = Math.max(end, i - AROUND);
    if (!groups.length || from > end) groups.push([]);
    end = Math.min(all.length, i + AROUND + 1);
    groups.at(-1).push(...all.slice(from, end));
  });
  return groups;
}
