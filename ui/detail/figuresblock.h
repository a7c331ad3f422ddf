// What the sound says about the conversation: who talks how much, for how long at a time, and how often into the
// other's words. Main thread only.
#pragma once

#include <QWidget>
#include <array>

#include "models/audio/callfigures.h"
#include "models/audio/turnplaces.h"
#include "ui/detail/parts.h"

class QGridLayout;

namespace earmark {

class CallSound;

class FiguresBlock final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FiguresBlock)

 public:
    explicit FiguresBlock(QWidget* parent = nullptr);
    void follow(const CallSound* sound);  ///< outlives this
    /// nullopt: there is no sound to measure (yet); the block hides.
    void setFigures(const std::optional<CallFigures>& figures, ChannelOrder order);

 private:
    enum Row { Title, Talk, Monologue, Interruptions, RowCount };
    static constexpr int kColumns = 3;

    void addRow(QGridLayout* grid, Row row, const QString& name);
    void setCell(Row row, int column, const QString& text);

    std::array<std::array<PlainLabel*, kColumns>, RowCount> m_cells{};
    ToneLabel* m_note;
};

}  // namespace earmark
