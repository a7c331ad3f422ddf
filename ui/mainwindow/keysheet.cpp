#include "ui/mainwindow/keysheet.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/mainwindow/digitdispositions.h"
#include "ui/mainwindow/keymap.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMeaningWidth = 30;  // in theme::space()
constexpr int kShownKeys = 2;      // a third twin is for those who look into the dialog of keys

/// A key as it looks on a keyboard.
class KeyCap final : public PlainLabel {
 public:
    KeyCap(const QString& text, QWidget* parent) : PlainLabel(text, parent) {
        setAlignment(Qt::AlignCenter);
        setContentsMargins(6, 2, 6, 2);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    }
    [[nodiscard]] QSize sizeHint() const override { return PlainLabel::sizeHint().expandedTo({28, 0}); }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }  // half a key says nothing

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

QWidget* keysOf(const QList<QKeySequence>& sequences, QWidget* parent) {
    auto* keys = new QWidget(parent);
    auto* row = new QHBoxLayout(keys);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space() / 2);
    for (const QKeySequence& key : sequences) {
        const QString text = key.toString(QKeySequence::NativeText);
        // What is left out is said by its twin.
        if (!text.contains("Media"_L1) && !text.endsWith(u"Enter"_s) && row->count() < kShownKeys) {
            row->addWidget(new KeyCap(text, keys));
        }
    }
    row->addStretch(1);
    return keys;
}

void addTitle(QGridLayout* grid, int& row, const QString& text, QWidget* parent) {
    auto* title = new PlainLabel(text, parent);
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    title->setContentsMargins(0, row == 0 ? 0 : theme::space(), 0, 0);
    grid->addWidget(title, row++, 0, 1, 2);
}

void addSection(QGridLayout* grid, int& row, DeskMenu menu, const KeyMap* keys, QWidget* parent) {
    bool titled = false;
    for (const DeskCommandInfo& info : deskCommands()) {
        const QList<QKeySequence> sequences = keys->keys(info.command);
        if (info.menu != menu || commandMeaning(info).isEmpty() || sequences.isEmpty()) {
            continue;
        }
        if (!titled) {
            addTitle(grid, row, menuTitle(menu), parent);
            titled = true;
        }
        grid->addWidget(keysOf(sequences, parent), row, 0);
        auto* meaning = new PlainLabel(commandMeaning(info), parent);
        meaning->setWordWrap(true);
        meaning->setFixedWidth(kMeaningWidth * theme::space());
        grid->addWidget(meaning, row++, 1);
    }
}

/// What stands on the number keys; several to a line, for there are nine.
void addDigits(QGridLayout* grid, int& row, const KeyMap* keys, const DigitDispositions* digits, QWidget* parent) {
    constexpr int kShownCode = 28;
    bool titled = false;
    for (int digit = 1; digit <= DigitDispositions::kDigits; ++digit) {
        const QList<QKeySequence> sequences = keys->keys(DeskCommand(int(DeskCommand::Disposition1) + digit - 1));
        if (digits->code(digit).isEmpty() || sequences.isEmpty()) {
            continue;
        }
        if (!titled) {
            addTitle(grid, row, QCoreApplication::translate("KeySheet", "Dispositions"), parent);
            titled = true;
        }
        auto* code = new PlainLabel(parent);
        code->setData(digits->code(digit).left(kShownCode));
        grid->addWidget(keysOf(sequences, parent), row, 0);
        grid->addWidget(code, row++, 1);
    }
}

/// What the sheet may take of the screen.
QSize mostOf(const QWidget& widget) {
    const QSize screen = widget.screen()->availableSize();
    return {screen.width() * 17 / 20, screen.height() * 7 / 10};
}

/// As large as its content where the screen has the room, else to be scrolled, by keys too.
QScrollArea* scrolling(QWidget* content) {
    auto* area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setAccessibleName(QCoreApplication::translate("KeySheet", "All keys"));
    const int bar = area->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const QSize wanted = content->sizeHint() + QSize(bar, bar);
    area->setMinimumSize(wanted.boundedTo(mostOf(*area)));
    return area;
}

QWidget* sheetOf(const QList<QList<DeskMenu>>& sides, const KeyMap* keys, const DigitDispositions* digits) {
    auto* sheet = new QWidget;
    auto* columns = new QHBoxLayout(sheet);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(4 * theme::space());
    for (const QList<DeskMenu>& side : sides) {
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(2 * theme::space());
        grid->setVerticalSpacing(theme::space() / 4);
        int row = 0;
        for (const DeskMenu menu : side) {
            addSection(grid, row, menu, keys, sheet);
            if (menu == DeskMenu::Edit) {
                addDigits(grid, row, keys, digits, sheet);
            }
        }
        grid->setRowStretch(row, 1);
        columns->addLayout(grid);
    }
    return sheet;
}

/// In as many columns as the screen has room for, so that it is scrolled one way only.
QWidget* fittingSheet(const KeyMap* keys, const DigitDispositions* digits) {
    using M = DeskMenu;
    const QList<QList<QList<M>>> ways{{{M::Play, M::Help}, {M::Edit}, {M::Calls, M::View, M::File}},
                                      {{M::Play, M::Help, M::File}, {M::Edit, M::Calls, M::View}},
                                      {{M::Play, M::Edit, M::Calls, M::View, M::File, M::Help}}};
    QWidget* sheet = nullptr;
    for (const QList<QList<M>>& sides : ways) {
        delete sheet;
        sheet = sheetOf(sides, keys, digits);
        if (sheet->sizeHint().width() + sheet->style()->pixelMetric(QStyle::PM_ScrollBarExtent) <=
            mostOf(*sheet).width()) {
            break;
        }
    }
    return sheet;
}

}  // namespace

KeySheet::KeySheet(const KeyMap* keys, const DigitDispositions* digits, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
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
    all->addWidget(scrolling(fittingSheet(keys, digits)), 1);
    all->addLayout(bottom);
}

}  // namespace earmark
