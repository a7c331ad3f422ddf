#include "ui/detail/figuresblock.h"

#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>
#include <cmath>

#include "models/domain/timings.h"
#include "ui/common/theme.h"
#include "ui/playback/callsound.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QString timeText(std::chrono::milliseconds time) {
    return durationText(std::round(double(time.count()) / 1000));
}

QString timesText(int times) {
    return times == 0   ? FiguresBlock::tr("never")
           : times == 1 ? FiguresBlock::tr("once")
                        : FiguresBlock::tr("%1 times").arg(QLocale().toString(times));
}

}  // namespace

FiguresBlock::FiguresBlock(QWidget* parent) : QWidget(parent), m_note(new ToneLabel(Tone::Quiet)) {
    setAccessibleName(tr("Conversation"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    column->addWidget(makeHeading(tr("Conversation")));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(2 * theme::space());
    grid->setVerticalSpacing(theme::space() / 4);
    grid->setColumnStretch(kColumns - 1, 1);
    addRow(grid, Title, {});
    addRow(grid, Talk, tr("Talks"));
    addRow(grid, Monologue, tr("Longest at a time"));
    addRow(grid, Interruptions, tr("Interrupts"));
    column->addLayout(grid);
    column->addWidget(m_note);
    setCell(Title, 1, tr("Agent"));
    setCell(Title, 2, tr("Customer"));
    hide();
}

void FiguresBlock::addRow(QGridLayout* grid, Row row, const QString& name) {
    for (int column = 0; column < kColumns; ++column) {
        auto* cell = new PlainLabel;
        if (column == 0 || row == Title) {
            QPalette quiet = cell->palette();
            quiet.setColor(QPalette::WindowText, theme::secondaryText());
            cell->setPalette(quiet);
        } else {
            cell->setFont(theme::tabularFont(font()));
        }
        grid->addWidget(cell, row, column);
        m_cells[row][std::size_t(column)] = cell;
    }
    setCell(row, 0, name);
}

void FiguresBlock::setCell(Row row, int column, const QString& text) {
    m_cells[row][std::size_t(column)]->setText(text);
}

void FiguresBlock::follow(const CallSound* sound) {
    const auto take = [this, sound] { setFigures(sound->figures(), sound->channelOrder()); };
    connect(sound, &CallSound::mapChanged, this, take);
    connect(sound, &CallSound::voicesChanged, this, take);
    take();
}

void FiguresBlock::setFigures(const std::optional<CallFigures>& figures, ChannelOrder order) {
    setVisible(figures.has_value());
    if (!figures) {
        return;
    }
    const bool measurable = figures->voices.has_value();
    for (int column = 1; column < kColumns; ++column) {
        const std::size_t channel = (column == 1) == (order == ChannelOrder::AgentFirst) ? 0 : 1;
        if (measurable) {
            const VoiceFigures& voice = figures->voices->each[channel];
            setCell(Talk, column, tr("%1 (%2 %)").arg(timeText(voice.talk)).arg(int(std::lround(voice.share * 100))));
            setCell(Monologue, column, timeText(voice.longestMonologue));
            setCell(Interruptions, column, timesText(voice.interruptions));
        } else {
            for (const Row row : {Talk, Monologue, Interruptions}) {
                setCell(row, column, tr("not measurable"));
            }
        }
    }
    const QString silence =
        tr("Nobody speaks for %1 of %2.").arg(timeText(figures->silence), timeText(figures->duration));
    m_note->setText(measurable
                        ? silence + u' ' + tr("Both at once for %1.").arg(timeText(figures->voices->overlap))
                        : silence + u' ' + tr("Both voices are on one channel, so who speaks cannot be measured."));
}

}  // namespace earmark
