/* The shop's drawings, as lines on a square of 64. */
const NS = "http://www.w3.org/2000/svg";
const LINES = {
  kettle: "M18 30h26l4 18a4 4 0 0 1-4 5H18a4 4 0 0 1-4-5zM44 36l8-5M24 30a7 7 0 0 1 14 0M20 22c0-10 22-10 22 0M31 19v-3",
  lamp: "M20 54h24M32 54V42L20 28l8-10M26 12l18 10-12 14c-8-4-10-14-6-24zM40 34l5 6M46 28l7 3",
  blanket: "M14 18h30a6 6 0 0 1 6 6v22H20a6 6 0 0 1-6-6zM14 40a6 6 0 0 0 6 6M22 18v22M32 18v28M42 18v28M14 28h36M14 36h36M20 46v5M28 46v5M36 46v5M44 46v5",
  chair: "M22 12l2 24M42 12l-2 24M23 18h18M23 25h18M18 36h28M22 36l-3 18M42 36l3 18M21 46h22",
  boots: "M18 12h11v24c0 3 9 4 9 10v5H18zM18 44h14M36 16h10v20c0 3 7 4 7 10v5H41M18 18h11",
  radio: "M12 26h40v26H12zM18 26l22-12M24 39m-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0M38 34h8M38 39h8M44 46m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  bird: "M6 39c7-13 18-19 29-16 1-7 8-11 14-7 6 4 10 11 11 20-4-7-8-11-12-12-1 13-9 22-22 22-9 0-15-3-20-7zM28 46v10M35 45v10M45 20h.1M17 37c6 2 12 1 17-4",
};

export function drawing(name) {
  const svg = document.createElementNS(NS, "svg"), path = document.createElementNS(NS, "path");
  svg.setAttribute("viewBox", "0 0 64 64");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", LINES[name] || LINES.bird);
  svg.append(path);
  return svg;
}
