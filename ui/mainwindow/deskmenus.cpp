#include "ui/mainwindow/deskmenus.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMenuBar>

#include "ui/calltable/calltable.h"
#include "ui/common/desksettings.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/mainwindow/deskcommands.h"
#include "ui/mainwindow/desksplitter.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(MainWindow)
};

const QString kTheme = u"window/theme"_s;

ColorScheme colorSchemeFrom(const QString& word) {
    return word == "light"_L1 ? ColorScheme::Light : word == "dark"_L1 ? ColorScheme::Dark : ColorScheme::FollowSystem;
}

void fillViewMenu(const DeskMenuParts& parts, QMenu* menu) {
    QMenu* const columns = menu->addMenu(icon(u"columns"_s), Text::tr("&Columns"));
    QObject::connect(columns, &QMenu::aboutToShow, columns, [table = parts.table, columns] {
        columns->clear();
        table->fillColumnsMenu(columns);
    });
    menu->addSeparator();
    for (const DeskCommand command :
         {DeskCommand::ShowCallTab, DeskCommand::ShowTranscriptTab, DeskCommand::ShowRawTab}) {
        menu->addAction(parts.actions->action(command));
    }
    menu->addSeparator();
    for (const DeskCommand command :
         {DeskCommand::ZoomIn, DeskCommand::ZoomOut, DeskCommand::ZoomAll, DeskCommand::FollowTranscript}) {
        menu->addAction(parts.actions->action(command));
    }
    menu->addSeparator();

    const auto choice = [&parts](QMenu* where, std::initializer_list<std::pair<DeskCommand, QString>> entries,
                                 const QString& setting, const std::function<void(const QString&)>& chosen) {
        auto* group = new QActionGroup(parts.window);
        const QString now = parts.settings->value(setting).toString();
        bool any = false;
        for (const auto& [command, word] : entries) {
            QAction* const one = parts.actions->action(command);
            one->setCheckable(true);
            one->setChecked(word == now || (!any && &word == &entries.begin()->second));
            any = any || word == now;
            group->addAction(one);
            where->addAction(one);
            QObject::connect(one, &QAction::triggered, one, [settings = parts.settings, setting, word = word, chosen] {
                settings->setValue(setting, word);
                chosen(word);
            });
        }
    };
    choice(menu,
           {{DeskCommand::DetailsAutomatic, u"auto"_s},
            {DeskCommand::DetailsRight, u"right"_s},
            {DeskCommand::DetailsBelow, u"below"_s}},
           DeskSplitter::placeSetting(),
           [splitter = parts.splitter](const QString& word) { splitter->setPlace(word); });
    menu->addSeparator();
    choice(menu->addMenu(Text::tr("&Theme")),
           {{DeskCommand::ThemeSystem, u"system"_s},
            {DeskCommand::ThemeLight, u"light"_s},
            {DeskCommand::ThemeDark, u"dark"_s}},
           kTheme, [](const QString& word) { theme::apply(colorSchemeFrom(word)); });
}

}  // namespace

void fillDeskMenus(const DeskMenuParts& parts) {
    QMenuBar* const bar = parts.window->menuBar();
    const QHash<DeskMenu, QMenu*> menus{
        {DeskMenu::File, bar->addMenu(Text::tr("&File"))}, {DeskMenu::Calls, bar->addMenu(Text::tr("&Calls"))},
        {DeskMenu::Edit, bar->addMenu(Text::tr("&Edit"))}, {DeskMenu::Play, bar->addMenu(Text::tr("&Play"))},
        {DeskMenu::View, bar->addMenu(Text::tr("&View"))}, {DeskMenu::Help, bar->addMenu(Text::tr("&Help"))}};
    for (const DeskCommandInfo& info : deskCommands()) {
        if (info.menu == DeskMenu::View) {
            continue;
        }
        const DeskCommand command = info.command;
        if (command == DeskCommand::Quit || command == DeskCommand::NextCall || command == DeskCommand::FindCalls ||
            command == DeskCommand::CopyCallKey || command == DeskCommand::Save ||
            command == DeskCommand::EditDisposition || command == DeskCommand::ToggleReviewed ||
            command == DeskCommand::EditSeveral || command == DeskCommand::AgainSlower ||
            command == DeskCommand::SoloCustomer || command == DeskCommand::MarkHere ||
            command == DeskCommand::ExportMarks || command == DeskCommand::Preferences) {
            menus[info.menu]->addSeparator();
        }
        const bool isDigit = command >= DeskCommand::Disposition1 && command <= DeskCommand::Disposition9;
        if (!isDigit) {  // nine lines more; the key sheet and the preferences tell what stands on them
            menus[info.menu]->addAction(parts.actions->action(command));
        }
    }
    fillViewMenu(parts, menus[DeskMenu::View]);
    parts.actions->action(DeskCommand::Quit)->setMenuRole(QAction::QuitRole);
    parts.actions->action(DeskCommand::About)->setMenuRole(QAction::AboutRole);

    parts.table->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const DeskCommand command :
         {DeskCommand::PlayPause, DeskCommand::EditDisposition, DeskCommand::EditNotes, DeskCommand::ToggleReviewed,
          DeskCommand::ToggleFlag, DeskCommand::EditSeveral, DeskCommand::CopyCallKey}) {
        parts.table->addAction(parts.actions->action(command));
    }
}

void applyChosenTheme(const DeskSettings& settings) {
    theme::apply(colorSchemeFrom(settings.value(kTheme).toString()));
}

}  // namespace earmark
