# The header lines of the CSV forms are a public interface.
for sub in parse analyze compare audit; do
    sbstat $sub "$SAMPLE" --format csv | head -n 1
done
