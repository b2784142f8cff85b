#pragma once
// What following a marker costs and how true it is, on the simulated bench at 1280 × 720, whose poses are known; and the same of pictures.
// Times are of the calling thread's own processor time, so that other work on the machine does not count.

namespace vitrine {

struct TrackBenchFigures {
    int frames = 0;
    double follow_ms_median = 0, follow_ms_max = 0;  ///< a frame in which the marker is where its motion brought it
    double search_ms_median = 0;                     ///< a frame in which the whole picture is searched, and the marker is in it
    double missing_ms_median = 0;                    ///< the same without the marker
    double corner_px_mean = 0, corner_px_max = 0;    ///< the label's corners against the truth
    double distance_percent_mean = 0, angle_degrees_mean = 0;
    double still_px = 0;  ///< standard deviation of the label's corners, bench standing still, noise of 3 grey levels
    double reacquire_ms_mean = 0, reacquire_ms_max = 0;  ///< of picture time, from the first frame it is back in, at 30 frames a second
};

/// Takes some seconds.
TrackBenchFigures run_track_bench();

/// The same of following pictures, on rendered sequences (sim/moving_picture.h).
struct PictureBenchFigures {
    int frames = 0;                                  ///< over the six motions
    double follow_ms_median = 0, follow_ms_max = 0;  ///< a frame at 720p in which one picture is followed
    double four_ms_median = 0, four_ms_max = 0;      ///< the same with four
    double search_ms_median = 0;                     ///< a frame in which the whole of it is searched for a picture that is not there
    double missing_ms_mean = 0;                      ///< a frame while it is missing, searched or not
    double corner_px_mean = 0, corner_px_max = 0;    ///< over the six motions
    int wild = 0;                                    ///< frames over 10 px off that were told
    double still_px = 0, lag_frames_max = 0;
    double reacquire_ms_mean = 0, reacquire_ms_max = 0;  ///< of picture time, after a second out of sight, at 30 frames a second
};

/// About ten seconds.
PictureBenchFigures run_picture_bench();

/// Of a printed carton over clutter; times are of the calling thread's own processor time.
struct SolidBenchFigures {
    int frames = 0, told = 0;                        ///< over the six motions, suggested once
    double follow_ms_median = 0, follow_ms_max = 0;  ///< a frame at 720p in which it is followed
    double corner_px_mean = 0, corner_px_max = 0;
    int wild = 0;  ///< frames over 10 px off that were told
    double still_px = 0, lag_frames_max = 0, distance_percent_mean = 0, angle_degrees_mean = 0;
    double reacquire_ms = 0;  ///< of picture time, after a second out of sight and elsewhere, from being suggested again
};

/// About half a minute.
SolidBenchFigures run_solid_bench();

}  // namespace vitrine
