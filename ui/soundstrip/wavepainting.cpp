#include "ui/soundstrip/wavepainting.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/common/stretchpainting.h"
#include "ui/common/theme.h"

namespace earmark {

namespace {

constexpr int kLaneGap = 2;
constexpr double kMostGain = 8;

struct Bar {
    int top;
    int bottom;  ///< exclusive
    QRgb color;
};

/// Written row by row into the image itself: thousands of small rectangles through a painter would cost the frame.
/// Patterns are made of the screen's own pixels, in sizes that grow with the ratio.
class Picture final {
 public:
    Picture(const WaveColumns& columns, int height, double ratio, const WaveColours& colours, QImage& image)
        : m_columns(columns), m_height(height), m_ratio(ratio), m_colours(colours), m_image(image) {}

    void paint(double gain) {
        const int lanes = int(m_columns.lanes.size());
        for (int lane = 0; lane < lanes; ++lane) {
            paintLane(m_columns.lanes[size_t(lane)], laneRows(lane), gain);
        }
        const ColumnRun first = laneRows(0);
        const ColumnRun last = laneRows(lanes - 1);
        if (lanes == 2) {  // where both speak, the line between the lanes is closed
            for (int y = first.to - pixels(1); y < last.from + pixels(1); ++y) {
                fill(row(y), m_columns.overlap, m_colours.overlap.rgb());
            }
        }
        hatch(first.from, last.to);
    }

 private:
    [[nodiscard]] int pixels(double logical) const { return int(std::lround(logical * m_ratio)); }
    [[nodiscard]] QRgb* row(int y) { return reinterpret_cast<QRgb*>(m_image.scanLine(y)); }

    [[nodiscard]] ColumnRun laneRows(int lane) const {
        const LaneBand band = laneBand(m_height, int(m_columns.lanes.size()), lane);
        const int top = std::min(pixels(band.top), m_image.height() - 1);
        return {top, std::clamp(pixels(band.top + band.height), top + 1, m_image.height())};
    }

    static void fill(QRgb* pixels, const std::vector<ColumnRun>& runs, QRgb color) {
        for (const ColumnRun& run : runs) {
            std::fill(pixels + run.from, pixels + run.to, color);
        }
    }

    void paintLane(const WaveLane& lane, const ColumnRun& rows, double gain) {
        std::vector<QRgb> plain(size_t(m_columns.count), m_colours.around.rgb());
        std::fill(plain.begin() + m_columns.begin, plain.begin() + m_columns.end, m_colours.ground.rgb());
        fill(plain.data(), m_columns.silent, m_colours.silence.rgb());
        const int side = pixels(5);
        const int dot = std::max(1, pixels(1.6));
        std::vector<QRgb> dotted = plain;
        for (const ColumnRun& run : m_columns.overlap) {
            for (int column = run.from; column < run.to; ++column) {
                if (column % side < dot) {
                    dotted[size_t(column)] = m_colours.overlap.rgb();
                }
            }
        }
        const std::vector<Bar> bars = barsOf(lane, rows, gain);
        for (int y = rows.from; y < rows.to; ++y) {
            const std::vector<QRgb>& ground = y % side < dot ? dotted : plain;
            QRgb* out = row(y);
            for (size_t column = 0; column < bars.size(); ++column) {
                const Bar& bar = bars[column];
                out[column] = y >= bar.top && y < bar.bottom ? bar.color : ground[column];
            }
        }
    }

    [[nodiscard]] std::vector<Bar> barsOf(const WaveLane& lane, const ColumnRun& rows, double gain) const {
        std::vector<Bar> bars(size_t(m_columns.count), Bar{0, 0, 0});
        std::array<QRgb, 5> colors{};
        for (const Speaker voice :
             {Speaker::Unknown, Speaker::Agent, Speaker::Customer, Speaker::System, Speaker::Tool}) {
            colors[size_t(voice)] = m_colours.of(voice).rgb();
        }
        const double middle = (rows.from + rows.to) / 2.0;
        const double reach = (rows.to - rows.from) / 2.0 - pixels(1);
        const int thin = std::max(1, pixels(1));
        for (int column = m_columns.begin; column < m_columns.end; ++column) {
            const Peak& peak = lane.peaks[size_t(column)];
            const double up = std::min(1.0, std::max(0, int(peak.highest)) * gain / 32768);
            const double down = std::min(1.0, std::max(0, -int(peak.lowest)) * gain / 32768);
            const int top = int(middle - up * reach + 0.5);
            bars[size_t(column)] = {top, std::max(top + thin, int(middle + down * reach + 0.5)),
                                    colors[size_t(lane.voices[size_t(column)])]};
        }
        return bars;
    }

    void hatch(int from, int to) {
        const int side = pixels(7);
        const int thick = std::max(1, pixels(1.2));
        for (int y = from; y < to; ++y) {
            QRgb* out = row(y);
            for (const ColumnRun& run : m_columns.skipped) {
                const int behind = (run.from + y) % side;
                for (int column = run.from - behind; column < run.to; column += side) {
                    const int end = std::min(run.to, column + thick);
                    for (int at = std::max(run.from, column); at < end; ++at) {
                        out[at] = m_colours.skipped.rgb();
                    }
                }
            }
        }
    }

    const WaveColumns& m_columns;
    const int m_height;
    const double m_ratio;
    const WaveColours& m_colours;
    QImage& m_image;
};

}  // namespace

QColor WaveColours::of(Speaker voice) const {
    switch (voice) {
        case Speaker::Agent:
            return agent;
        case Speaker::Customer:
            return customer;
        case Speaker::Unknown:
            return someone;
        case Speaker::System:
        case Speaker::Tool:
            return quiet;
    }
    return quiet;
}

WaveColours waveColours(const QPalette& palette) {
    const QColor ground = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    return {
        .ground = ground,
        .silence = theme::surface(),
        .agent = theme::agentVoice(),
        .customer = theme::customerVoice(),
        .someone = mixedColor(text, ground, 0.8),
        .quiet = theme::secondaryText(),
        .overlap = mixedColor(text, ground, 0.75),
        .skipped = theme::secondaryText(),
        .around = palette.color(QPalette::Window),
    };
}

LaneBand laneBand(int viewHeight, int lanes, int lane) {
    const int room = std::max(lanes, viewHeight - kFlagBand - kPlayedBand - (lanes - 1) * kLaneGap);
    const int each = room / std::max(1, lanes);
    return {kFlagBand + lane * (each + kLaneGap), each};
}

double waveGain(const SoundMap& map) {
    int loudest = 1;
    for (int channel = 0; channel < std::min(2, int(map.peaks.size())); ++channel) {
        const Peak peak = map.peak(channel, 0, map.frames);
        loudest = std::max({loudest, int(peak.highest), -int(peak.lowest)});
    }
    return std::clamp(32768.0 / loudest, 1.0, kMostGain);
}

QImage paintedWave(const WaveColumns& columns, int height, double ratio, double gain, const WaveColours& colours) {
    QImage image(std::max(1, columns.count), std::max(1, int(std::ceil(height * ratio))), QImage::Format_RGB32);
    image.fill(colours.around);
    if (!columns.lanes.empty()) {
        Picture(columns, height, ratio, colours, image).paint(gain);
    }
    image.setDevicePixelRatio(ratio);
    return image;
}

}  // namespace earmark
