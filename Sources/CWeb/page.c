// The page's files, taken into the program as they are.
#include "CWeb.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t page[] = {
#embed "Page/page.html"
};
static const uint8_t style[] = {
#embed "Page/page.css"
};
static const uint8_t script[] = {
#embed "Page/page.js"
};

const uint8_t *web_file(enum web_file file, size_t *count) {
  switch (file) {
    case WEB_STYLE: *count = sizeof style; return style;
    case WEB_SCRIPT: *count = sizeof script; return script;
    default: *count = sizeof page; return page;
  }
}
