# The same grouped bars with intervals as bench_charts with gnuplot: gnuplot -e "out='FILE.png'" charts_gnuplot.gp
set terminal pngcairo size 1520,964 font "Inter,20"
set output out
$data << EOD
"Sequential read"  2410 60 2140 70 2655 48
"Sequential write" 1120 38 870 54 1190 36
"Random read"      612 22 488 31 655 19
"Random write"     402 16 301 20 431 14
EOD
set title "Docker leads raw images by 6–10 %, qcow2 trails by 11–25 %" left
set style data histogram
set style histogram errorbars gap 1 lw 2
set style fill solid
set yrange [0:3000]
set format y "%'.0f"
set grid y
set border 1
set key top right horizontal
plot $data using 2:3:xtic(1) title "QEMU raw" lc rgb "#0072b2", \
     '' using 4:5 title "QEMU qcow2" lc rgb "#e69f00", \
     '' using 6:7 title "Docker" lc rgb "#009e73"
