#include "ui/soundstrip/wavepainting.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/common/stretchpainting.h"
#include "ui/common/theme.h"

namespace earmark {

namespace {

constexpr int kLaneGap = 2;
constexpr double kMostGain = 8;

/// A tile of the screen's own pixels: Qt's pattern brushes stay so small that they vanish at 200 %.
QPixmap hatchTile(const QColor& color, double ratio) {
    const int side = int(std::lround(7 * ratio));
    QPixmap tile(side, side);
    tile.fill(Qt::transparent);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.2 * ratio));
    for (const int shift : {-side, 0, side}) {
        painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0));
    }
    return tile;
}

QPixmap dotTile(const QColor& color, double ratio) {
    const int side = int(std::lround(5 * ratio));
    QPixmap tile(side, side);
    tile.fill(Qt::transparent);
    QPainter painter(&tile);
    const int dot = std::max(1, int(std::lround(1.6 * ratio)));
    painter.fillRect(1, 1, dot, dot, color);
    return tile;
}

class Picture final {
 public:
    Picture(const WaveColumns& columns, int height, double ratio, const WaveColours& colours)
        : m_columns(columns), m_height(height), m_ratio(ratio), m_colours(colours) {}

    void paint(QPainter& painter, double gain) const {
        const int lanes = int(m_columns.lanes.size());
        for (int lane = 0; lane < lanes; ++lane) {
            const QRect place = laneRect(lane);
            painter.fillRect(m_columns.begin, place.top(), m_columns.end - m_columns.begin, place.height(),
                             m_colours.ground);
            fill(painter, m_columns.silent, place, m_colours.silence);
            fill(painter, m_columns.overlap, place, QBrush(dotTile(m_colours.overlap, m_ratio)));
            paintPeaks(painter, m_columns.lanes[size_t(lane)], place, gain);
        }
        const int top = laneRect(0).top();
        const QRect all(0, top, m_columns.count, laneRect(lanes - 1).bottom() + 1 - top);
        if (lanes == 2) {  // where both speak, the line between the lanes is closed
            QRect between(0, laneRect(0).bottom() + 1, 1, laneRect(1).top() - laneRect(0).bottom() - 1);
            between.adjust(0, -pixels(1), 0, pixels(1));
            fill(painter, m_columns.overlap, between, m_colours.overlap);
        }
        fill(painter, m_columns.skipped, all, QBrush(hatchTile(m_colours.skipped, m_ratio)));
    }

 private:
    [[nodiscard]] int pixels(double logical) const { return int(std::lround(logical * m_ratio)); }

    [[nodiscard]] QRect laneRect(int lane) const {
        const LaneBand band = laneBand(m_height, int(m_columns.lanes.size()), lane);
        const int top = pixels(band.top);
        return {0, top, m_columns.count, std::max(1, pixels(band.top + band.height) - top)};
    }

    static void fill(QPainter& painter, const std::vector<ColumnRun>& runs, const QRect& place, const QBrush& brush) {
        for (const ColumnRun& run : runs) {
            painter.fillRect(run.from, place.top(), run.to - run.from, place.height(), brush);
        }
    }

    void paintPeaks(QPainter& painter, const WaveLane& lane, const QRect& place, double gain) const {
        // Sorted by colour: four fills instead of one per column.
        std::array<QVector<QRect>, 5> bars;
        const double middle = place.top() + place.height() / 2.0;
        const double reach = place.height() / 2.0 - pixels(1);
        const int thin = std::max(1, pixels(1));
        for (int column = m_columns.begin; column < m_columns.end; ++column) {
            const Peak& peak = lane.peaks[size_t(column)];
            const double up = std::min(1.0, std::max(0, int(peak.highest)) * gain / 32768);
            const double down = std::min(1.0, std::max(0, -int(peak.lowest)) * gain / 32768);
            const int top = int(std::lround(middle - up * reach));
            const int bottom = std::max(top + thin, int(std::lround(middle + down * reach)));
            bars[size_t(lane.voices[size_t(column)])].push_back({column, top, 1, bottom - top});
        }
        painter.setPen(Qt::NoPen);
        for (const Speaker voice : {Speaker::Unknown, Speaker::Agent, Speaker::Customer, Speaker::System}) {
            painter.setBrush(m_colours.of(voice));
            painter.drawRects(bars[size_t(voice)]);
        }
    }

    const WaveColumns& m_columns;
    const int m_height;
    const double m_ratio;
    const WaveColours& m_colours;
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
        .quiet = mixedColor(theme::secondaryText(), ground, 0.85),
        .overlap = mixedColor(text, ground, 0.7),
        .skipped = mixedColor(theme::secondaryText(), ground, 0.8),
        .edge = theme::line(),
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

QPixmap paintedWave(const WaveColumns& columns, int height, double ratio, double gain, const WaveColours& colours) {
    QPixmap pixmap(std::max(1, columns.count), std::max(1, int(std::ceil(height * ratio))));
    pixmap.fill(Qt::transparent);
    if (!columns.lanes.empty()) {
        QPainter painter(&pixmap);
        Picture(columns, height, ratio, colours).paint(painter, gain);
    }
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

}  // namespace earmark
