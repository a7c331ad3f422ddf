#include "tests/gui/plaintextwalk.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTextEdit>

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostRows = 60;

QString nameOf(const QObject* object) {
    return QString::fromLatin1(object->metaObject()->className()) + u" \""_s + object->objectName() + u'"';
}

class Gatherer final {
 public:
    std::vector<SaidText> texts;

    void add(const QString& where, const QString& text, bool isInput = false) {
        if (!text.isEmpty()) {
            texts.push_back({where, text, isInput});
        }
    }

    void addAction(const QString& where, const QAction* action) {
        add(where + u" action"_s, action->text());
        add(where + u" action tip"_s, action->toolTip());
        add(where + u" action status"_s, action->statusTip());
        add(where + u" action what's this"_s, action->whatsThis());
    }

    void addSpoken(const QString& where, QWidget* widget, bool isInput) {
        if (QAccessibleInterface* const spoken = QAccessible::queryAccessibleInterface(widget)) {
            add(where + u" spoken name"_s, spoken->text(QAccessible::Name),
                qobject_cast<QComboBox*>(widget) != nullptr);  // Qt says what is being typed there
            add(where + u" spoken description"_s, spoken->text(QAccessible::Description));
            add(where + u" spoken help"_s, spoken->text(QAccessible::Help));
            add(where + u" spoken value"_s, spoken->text(QAccessible::Value), isInput);
        }
    }

    void addView(const QString& where, const QAbstractItemView* view) {
        const QAbstractItemModel* model = view->model();
        if (model == nullptr) {
            return;
        }
        for (int column = 0; column < model->columnCount(); ++column) {
            for (const int role : {Qt::DisplayRole, Qt::ToolTipRole, Qt::StatusTipRole, Qt::WhatsThisRole}) {
                add(where + u" header"_s, model->headerData(column, Qt::Horizontal, role).toString());
            }
            for (int row = 0; row < std::min(model->rowCount(), kMostRows); ++row) {
                for (const int role : {Qt::DisplayRole, Qt::ToolTipRole, Qt::StatusTipRole, Qt::WhatsThisRole,
                                       Qt::AccessibleTextRole, Qt::AccessibleDescriptionRole}) {
                    const QString at = where + u" cell %1,%2 role %3"_s.arg(row).arg(column).arg(role);
                    add(role == Qt::ToolTipRole ? at + u" tip"_s : at, model->index(row, column).data(role).toString());
                }
            }
        }
    }

    void addWidget(QWidget* widget) {
        const QString where = nameOf(widget);
        const bool isInput = qobject_cast<QLineEdit*>(widget) != nullptr ||
                             qobject_cast<QPlainTextEdit*>(widget) != nullptr ||
                             qobject_cast<QComboBox*>(widget) != nullptr;
        add(where + u" tip"_s, widget->toolTip());
        add(where + u" status tip"_s, widget->statusTip());
        add(where + u" what's this"_s, widget->whatsThis());
        add(where + u" title"_s, widget->windowTitle());
        add(where + u" accessible name"_s, widget->accessibleName());
        add(where + u" accessible description"_s, widget->accessibleDescription());
        addSpoken(where, widget, isInput);
        for (const QAction* action : widget->actions()) {
            addAction(where, action);
        }
        if (const auto* label = qobject_cast<QLabel*>(widget)) {
            add(where, label->text());
        } else if (const auto* button = qobject_cast<QAbstractButton*>(widget)) {
            add(where, button->text());
        } else if (const auto* line = qobject_cast<QLineEdit*>(widget)) {
            add(where, line->text(), true);
            add(where, line->placeholderText());
        } else if (const auto* plain = qobject_cast<QPlainTextEdit*>(widget)) {
            add(where, plain->toPlainText(), !plain->isReadOnly());
        } else if (const auto* box = qobject_cast<QGroupBox*>(widget)) {
            add(where, box->title());
        } else if (const auto* menu = qobject_cast<QMenu*>(widget)) {
            add(where, menu->title());
        } else if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i) {
                add(where, tabs->tabText(i));
                add(where + u" tip"_s, tabs->tabToolTip(i));
            }
        } else if (const auto* view = qobject_cast<QAbstractItemView*>(widget);
                   view != nullptr && qobject_cast<QHeaderView*>(widget) == nullptr) {
            addView(where, view);
        }
    }
};

/// A text that Qt takes for markup, unless all of it is escaped within one tag.
bool isMarkup(const QString& text) {
    if (!Qt::mightBeRichText(text)) {
        return false;
    }
    const bool wrapped = text.startsWith("<qt>"_L1) && text.endsWith("</qt>"_L1);
    return !wrapped || QStringView(text).mid(4, text.size() - 9).contains(u'<');
}

/// What may stand in no text of ours: data must have been made visible or kept apart.
QString treacherousPart(const QString& text) {
    int isolates = 0;
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        isolates += u == 0x2068 ? 1 : u == 0x2069 ? -1 : 0;
        const bool control = (u < 0x20 && u != u'\n' && u != u'\t') || u == 0x7f || (u >= 0x80 && u <= 0x9f);
        const bool bidi =
            (u >= 0x202a && u <= 0x202e) || u == 0x2066 || u == 0x2067 || u == 0x200e || u == 0x200f || u == 0x061c;
        if (control || bidi || isolates < 0) {
            return u"U+"_s + QString::number(u, 16);
        }
    }
    return isolates == 0 ? QString() : u"an isolate that is never closed"_s;
}

}  // namespace

std::vector<SaidText> everythingSaid() {
    Gatherer all;
    for (QWidget* widget : QApplication::allWidgets()) {
        all.addWidget(widget);
    }
    return all.texts;
}

QStringList unlawfulTexts() {
    QStringList unlawful;
    for (QWidget* widget : QApplication::allWidgets()) {
        if (const auto* label = qobject_cast<QLabel*>(widget); label != nullptr && !widget->inherits("QTipLabel")) {
            if (label->textFormat() != Qt::PlainText) {
                unlawful << nameOf(label) + u" guesses its format: "_s + label->text().left(80);
            }
            if (label->buddy() != nullptr && label->text().contains(u"canary"_s)) {
                unlawful << nameOf(label) + u" takes an & of data for a key"_s;
            }
        }
        if (const auto* edit = qobject_cast<QTextEdit*>(widget)) {
            unlawful << nameOf(edit) + u" is made for rich text"_s;
        }
        if (const auto* box = qobject_cast<QMessageBox*>(widget);
            box != nullptr && box->textFormat() != Qt::PlainText) {
            unlawful << nameOf(box) + u" guesses its format"_s;
        }
    }
    for (const SaidText& said : everythingSaid()) {
        if ((said.where.endsWith("tip"_L1) || said.where.endsWith("what's this"_L1)) && isMarkup(said.text)) {
            unlawful << said.where + u" is markup: "_s + said.text.left(120);
        }
        if (const QString part = treacherousPart(said.text); !said.isInput && !part.isEmpty()) {
            unlawful << said.where + u" holds "_s + part + u": "_s + said.text.left(120);
        }
    }
    unlawful.removeDuplicates();
    return unlawful;
}

}  // namespace earmark::test
