/* files.js - files are not taken yet, however they come: they are refused in words, and a file that is
 * dropped beside the field must not open in the place of the page. */
import { notify } from "./settings.js";
import { t } from "./words.js";

const hasFiles = (data) => Boolean(data?.types.includes("Files"));

function refuse(event, data) {
  if (!hasFiles(data) || data.types.includes("text/plain")) return;
  event.preventDefault();
  if (event.type !== "dragover") notify(t("refused.files_not_taken"), "warn");
}

export function keepFilesOut() {
  addEventListener("dragover", (event) => refuse(event, event.dataTransfer));
  addEventListener("drop", (event) => refuse(event, event.dataTransfer));
  addEventListener("paste", (event) => refuse(event, event.clipboardData));
}
