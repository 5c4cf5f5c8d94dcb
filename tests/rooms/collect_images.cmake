# Images: trees and archives, records and disks, and building one for real.
sbstat_unit_test(image_tree ROOMS collect io core LIBS PkgConfig::GLIB PkgConfig::ARCHIVE)
sbstat_unit_test(image ROOMS collect io core LIBS PkgConfig::GLIB)
