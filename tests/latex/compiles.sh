# report.tex compiles with pdflatex, also with hostile content, and its tables fit the page.
set -eu
command -v pdflatex >/dev/null || { echo "skipped: no pdflatex"; exit 77; }
kpsewhich booktabs.sty >/dev/null || { echo "skipped: no booktabs"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for variant in plain emulated 'emulated hostile'; do
  # shellcheck disable=SC2086
  "$BUILD_DIR/tests/report_page" tex $variant >report.tex
  pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape report.tex >out.txt 2>&1 || { grep -A5 '^!' out.txt; exit 1; }
  if grep -q 'Overfull .* in alignment' out.txt; then grep 'Overfull .* in alignment' out.txt; exit 1; fi
  [ -s report.pdf ]
done
