// A row of a form: what it is called, where it is typed, and what is wrong with it. Main thread only.
#pragma once

#include <QString>

class QBoxLayout;
class QWidget;

namespace earmark {

class IconLine;

/// Adds label, input and (where `says` is wanted) a line for one sentence. Wheel turns over closed boxes scroll the
/// form and do not change what is set.
QWidget* addFormRow(QBoxLayout* column, const QString& title, QWidget* input, IconLine** says = nullptr);

/// What is wrong with an input; "" clears it.
void showProblem(IconLine* line, const QString& sentence);

}  // namespace earmark
