// Every field of a call, as the table of fields in models/domain lists them. Main thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "models/domain/fields.h"
#include "ui/detail/parts.h"

class QGridLayout;

namespace earmark {

class LongTextView;

class FieldTable final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldTable)

 public:
    struct Line {
        QString name;
        QString value;   ///< "" when there is none
        QString remark;  ///< "not offered by Yotel", "no value", "time zone assumed", "invalid: ..."
        Tone tone = Tone::Quiet;
        friend bool operator==(const Line&, const Line&) = default;
    };
    /// What the table says, without widgets: offered fields first, then what the provider never gives, then oddities.
    [[nodiscard]] static std::vector<Line> linesOf(const ReviewedCall& call);

    explicit FieldTable(QWidget* parent = nullptr);
    void setCall(const ReviewedCall& call);  ///< the first rows at once, the others in the next turns of the event loop
    [[nodiscard]] QString asText() const;    ///< for "Copy all": one line per field

 private:
    struct Row {
        PlainLabel* name = nullptr;
        ToneLabel* value = nullptr;
        LongTextView* longValue = nullptr;  ///< made when a value is long
        ToneLabel* remark = nullptr;
        QWidget* cell = nullptr;
        std::optional<Line> shown;
    };
    void show(Row& row, const Line& line);
    void addRow();
    void fillOn();

    QGridLayout* m_grid;
    std::vector<Row> m_rows;
    std::vector<Line> m_lines;
    size_t m_next = 0;  ///< the first line that no row shows yet
    QTimer m_soon;
};

}  // namespace earmark
