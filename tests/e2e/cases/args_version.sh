# --version names the program and the version of CMakeLists.txt.
version=$(sed -n 's/^project(sbstat VERSION \([0-9.]*\).*/\1/p' "$SOURCE_DIR/CMakeLists.txt")
[ "$(sbstat --version | head -n 1)" = "sbstat $version" ]
