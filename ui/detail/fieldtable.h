// Every field of a call, as the table of fields in models/domain lists them, by where its value comes from. Main thread
// only.
#pragma once

#include <QWidget>
#include <vector>

#include "models/domain/fields.h"
#include "ui/detail/linetable.h"

namespace earmark {

/// "Vatel says", "Computed here", "Edited by you", "Not offered by Vatel".
[[nodiscard]] QString originText(Provenance provenance, Provider provider);

class FieldTable final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldTable)

 public:
    /// What the table says, without widgets: under a heading for each origin its fields, then oddities.
    [[nodiscard]] static std::vector<TableLine> linesOf(const ReviewedCall& call);

    explicit FieldTable(QWidget* parent = nullptr);
    void setCall(const ReviewedCall& call);  ///< the first rows at once, the others in the next turns of the event loop
    [[nodiscard]] QString asText() const;    ///< for "Copy all": one line per field

 private:
    LineTable* m_table;
};

}  // namespace earmark
