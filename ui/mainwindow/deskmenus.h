// The menu bar and the table's context menu, made from the table of commands; the choices of the view menu. Main thread
// only.
#pragma once

class QMainWindow;

namespace earmark {

class CallTable;
class DeskActions;
class DeskSettings;
class DeskSplitter;

struct DeskMenuParts {
    QMainWindow* window = nullptr;
    DeskActions* actions = nullptr;
    CallTable* table = nullptr;
    DeskSplitter* splitter = nullptr;
    DeskSettings* settings = nullptr;
};

void fillDeskMenus(const DeskMenuParts& parts);

/// The theme that the view menu was last told.
void applyChosenTheme(const DeskSettings& settings);

}  // namespace earmark
