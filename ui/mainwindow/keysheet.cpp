#include "ui/mainwindow/keysheet.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/mainwindow/deskcommands.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// A key as it looks on a keyboard.
class KeyCap final : public PlainLabel {
 public:
    KeyCap(const QString& text, QWidget* parent) : PlainLabel(text, parent) {
        setAlignment(Qt::AlignCenter);
        setMinimumWidth(28);
        setContentsMargins(6, 2, 6, 2);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }

 protected:
    void paintEvent(QPaintEvent* event) override {
        {
            QPainter painter(this);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(theme::line());
            painter.setBrush(palette().color(QPalette::Base));
            painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        }
        PlainLabel::paintEvent(event);
    }
};

QString menuTitle(DeskMenu menu) {
    switch (menu) {
        case DeskMenu::File:
            return QCoreApplication::translate("KeySheet", "Program");
        case DeskMenu::Calls:
            return QCoreApplication::translate("KeySheet", "Calls");
        case DeskMenu::Edit:
            return QCoreApplication::translate("KeySheet", "Edit");
        case DeskMenu::Play:
            return QCoreApplication::translate("KeySheet", "Listen");
        case DeskMenu::View:
            return QCoreApplication::translate("KeySheet", "View");
        case DeskMenu::Help:
            return QCoreApplication::translate("KeySheet", "Help");
    }
    return {};
}

QWidget* keysOf(const DeskCommandInfo& info, QWidget* parent) {
    auto* keys = new QWidget(parent);
    auto* row = new QHBoxLayout(keys);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space() / 2);
    for (const QKeySequence& key : commandKeys(info)) {
        const QString text = key.toString(QKeySequence::NativeText);
        if (!text.contains("Media"_L1) && !text.endsWith(u"Enter"_s)) {  // said by their twins
            row->addWidget(new KeyCap(text, keys));
        }
    }
    row->addStretch(1);
    return keys;
}

void addSection(QGridLayout* grid, int& row, DeskMenu menu, QWidget* parent) {
    bool titled = false;
    for (const DeskCommandInfo& info : deskCommands()) {
        if (info.menu != menu || commandMeaning(info).isEmpty() || commandKeys(info).isEmpty()) {
            continue;
        }
        if (!titled) {
            auto* title = new PlainLabel(menuTitle(menu), parent);
            QFont bold = title->font();
            bold.setWeight(QFont::DemiBold);
            title->setFont(bold);
            title->setContentsMargins(0, row == 0 ? 0 : theme::space(), 0, 0);
            grid->addWidget(title, row++, 0, 1, 2);
            titled = true;
        }
        grid->addWidget(keysOf(info, parent), row, 0);
        grid->addWidget(new PlainLabel(commandMeaning(info), parent), row++, 1);
    }
}

}  // namespace

KeySheet::KeySheet(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(5 * theme::space());
    for (const QList<DeskMenu>& side : {QList<DeskMenu>{DeskMenu::Calls, DeskMenu::View, DeskMenu::File},
                                        {DeskMenu::Play, DeskMenu::Edit, DeskMenu::Help}}) {
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(2 * theme::space());
        grid->setVerticalSpacing(theme::space() / 2);
        int row = 0;
        for (const DeskMenu menu : side) {
            addSection(grid, row, menu, this);
        }
        grid->setRowStretch(row, 1);
        columns->addLayout(grid);
    }
    auto* note = new PlainLabel(
        tr("Single letters work in the table, the details and the player; while you type in a field they are letters."),
        this);
    QPalette quiet = note->palette();
    quiet.setColor(QPalette::WindowText, theme::secondaryText());
    note->setPalette(quiet);
    auto* close = new QPushButton(tr("Close"), this);
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);

    auto* bottom = new QHBoxLayout;
    bottom->addWidget(note, 1);
    bottom->addWidget(close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(3 * theme::space(), 3 * theme::space(), 3 * theme::space(), 2 * theme::space());
    all->setSpacing(2 * theme::space());
    all->addLayout(columns);
    all->addStretch(1);
    all->addLayout(bottom);
    all->setSizeConstraint(QLayout::SetFixedSize);
}

}  // namespace earmark
