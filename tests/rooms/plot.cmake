add_library(chart_gallery STATIC gallery/gallery.c gallery/gallery_curves.c)
target_include_directories(chart_gallery PUBLIC gallery)
target_link_libraries(chart_gallery PUBLIC sb_plot PRIVATE sbstat_flags)

add_executable(draw_gallery gallery/draw_gallery.c)
target_link_libraries(draw_gallery PRIVATE chart_gallery sbstat_flags m)

sbstat_unit_test(chart_layout ROOMS plot core LIBS chart_gallery PkgConfig::PANGOCAIRO)
sbstat_unit_test(chart_render ROOMS plot core LIBS chart_gallery PkgConfig::PANGOCAIRO)
sbstat_unit_test(chart_scale ROOMS plot core LIBS PkgConfig::PANGOCAIRO)
sbstat_unit_test(chart_pixels ROOMS plot core LIBS chart_gallery PkgConfig::PANGOCAIRO)
sbstat_script_test(plot.gallery gallery/test_gallery.sh)
