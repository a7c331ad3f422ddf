// Names and values in two columns: what a provider tells, line by line; filled a few rows at a time, long values in a
// view that pages. Main thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/detail/parts.h"

class QGridLayout;

namespace earmark {

class LongTextView;

struct TableLine {
    QString name = {};
    QString value = {};                          ///< "" when there is none
    QString remark = {};                         ///< below the value, quiet: "no value", "time zone assumed", a reason
    Tone tone = Tone::Quiet;                     ///< of the remark
    std::optional<double> share = std::nullopt;  ///< 0 to 1: a bar beside the value
    bool isHeading = false;                      ///< only `name`, over the lines that follow
    bool isWide = false;                         ///< no name: value and remark over both columns

    friend bool operator==(const TableLine&, const TableLine&) = default;
};

/// A quiet bar for a share of one; the number stands beside it.
class ShareBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShareBar)

 public:
    explicit ShareBar(QWidget* parent = nullptr);
    void setShare(double share);
    [[nodiscard]] double share() const { return m_share; }

 protected:
    void paintEvent(QPaintEvent* event) override;

 private:
    double m_share = 0;
};

class LineTable final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LineTable)

 public:
    explicit LineTable(QWidget* parent = nullptr);
    void setLines(std::vector<TableLine> lines);  ///< the first rows at once, the others in the next turns
    [[nodiscard]] const std::vector<TableLine>& lines() const { return m_lines; }
    [[nodiscard]] QString asText() const;  ///< for copying: one line per line

 protected:
    void resizeEvent(QResizeEvent* event) override;

 private:
    struct Row {
        PlainLabel* name = nullptr;
        ToneLabel* value = nullptr;
        ShareBar* bar = nullptr;            ///< made when there is a share
        LongTextView* longValue = nullptr;  ///< made when a value is long
        ToneLabel* remark = nullptr;
        QWidget* cell = nullptr;
        std::optional<TableLine> shown;
    };
    void show(Row& row, const TableLine& line);
    void showValue(Row& row, const TableLine& line);
    void addRow();
    void fillOn();
    void fitNames();
    void fitName(Row& row, const TableLine& line);

    QGridLayout* m_grid;
    std::vector<Row> m_rows;
    std::vector<TableLine> m_lines;
    int m_nameWidth = 0;  ///< of the left column: its longest name, up to a part of the whole
    size_t m_next = 0;    ///< the first line that no row shows yet
    QTimer m_soon;
};

}  // namespace earmark
