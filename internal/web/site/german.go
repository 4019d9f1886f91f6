package site

import "sharesmart/internal/web/ui"

// german are the texts of the pages in German, by the English ones.
var german = ui.Texts{}
