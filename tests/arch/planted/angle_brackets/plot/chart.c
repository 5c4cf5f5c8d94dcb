#include <parsers/parse.h>
