# What one log of each test becomes, value by value.
mkdir logs
cp "$SAMPLE"/raw/c2g2_cpu_r1.txt "$SAMPLE"/docker/c1g1_memory_r1.txt "$SAMPLE"/qcow2/c1g1_fileio_r4.txt logs
sbstat parse logs
