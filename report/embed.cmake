# cmake -DCSS=... -DJS=... -DOUT=... -P embed.cmake: writes the page's style and script as a C file.
function(bytes_of hex var)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1,\n" list "${hex}")
  set(${var} "${list}" PARENT_SCOPE)
endfunction()

file(READ "${CSS}" css HEX)
file(READ "${JS}" js HEX)
file(SHA256 "${JS}" sha)
bytes_of("${css}" css_bytes)
bytes_of("${js}" js_bytes)
bytes_of("${sha}" sha_bytes)
file(WRITE "${OUT}" "#include \"report/assets.h\"

const char sb_asset_css[] = {${css_bytes}0};
const size_t sb_asset_css_len = sizeof sb_asset_css - 1;
const char sb_asset_js[] = {${js_bytes}0};
const size_t sb_asset_js_len = sizeof sb_asset_js - 1;
const unsigned char sb_asset_js_sha256[32] = {${sha_bytes}};
")
