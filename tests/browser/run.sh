# The report in a real browser. Skipped, and said so, where node, npm, Chromium or the npm registry is missing.
set -eu
skip() { echo "skipped: $1"; exit 77; }

browser=${SBSTAT_CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
  [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
[ -n "$browser" ] || skip "no Chromium (set SBSTAT_CHROMIUM)"
command -v node >/dev/null || skip "no node"
command -v npm >/dev/null || skip "no npm"

folder=$BUILD_DIR/browser
mkdir -p "$folder"
for file in package.json package-lock.json page.mjs; do cp "$SOURCE_DIR/tests/browser/$file" "$folder/"; done
if ! cmp -s "$folder/package-lock.json" "$folder/installed-lock.json"; then
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >"$folder/npm.log" 2>&1 || skip "npm ci failed: $(tail -n 1 "$folder/npm.log")"
  cp "$folder/package-lock.json" "$folder/installed-lock.json"
fi

"$BUILD_DIR/tests/report_page" html emulated >"$folder/report.html"
"$BUILD_DIR/tests/report_page" html emulated hostile >"$folder/hostile.html"
cd "$folder"
node page.mjs "$browser" "$folder"
