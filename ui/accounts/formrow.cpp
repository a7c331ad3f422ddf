#include "ui/accounts/formrow.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>
#include <QVBoxLayout>

#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

class WheelGuard final : public QObject {
 public:
    using QObject::QObject;

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
            event->ignore();
            return true;
        }
        return false;
    }
};

}  // namespace

QWidget* addFormRow(QBoxLayout* column, const QString& title, QWidget* input, IconLine** says) {
    auto* row = new QWidget;
    auto* lines = new QVBoxLayout(row);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(theme::space() / 2);
    if (!title.isEmpty()) {
        auto* label = new PlainLabel(title);
        label->setBuddy(input);
        input->setAccessibleName(title);
        lines->addWidget(label);
    }
    lines->addWidget(input);
    if (says != nullptr) {
        *says = new IconLine;
        // Its place is kept: what is wrong must not push the other fields from under the mouse.
        QSizePolicy keeps = (*says)->sizePolicy();
        keeps.setRetainSizeWhenHidden(true);
        (*says)->setSizePolicy(keeps);
        (*says)->setMinimumHeight((*says)->fontMetrics().lineSpacing());
        lines->addWidget(*says);
    }
    if (qobject_cast<QComboBox*>(input) != nullptr || qobject_cast<QAbstractSpinBox*>(input) != nullptr) {
        input->setFocusPolicy(Qt::StrongFocus);
        input->installEventFilter(new WheelGuard(input));
    }
    column->addWidget(row);
    return row;
}

void showProblem(IconLine* line, const QString& sentence) {
    line->show(u"warning"_s, Tone::Bad, sentence);
}

}  // namespace earmark
