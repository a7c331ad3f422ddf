#include "ui/detail/marksdesk.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QUuid>
#include <algorithm>
#include <cmath>

#include "models/domain/textfold.h"
#include "models/domain/timings.h"
#include "models/exchange/marksexport.h"
#include "models/store/store.h"
#include "ui/common/desksettings.h"
#include "ui/detail/markspanel.h"
#include "ui/playback/callsound.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr auto kRetryEvery = 2s;
constexpr auto kLongestReaction = 3000ms;
constexpr qsizetype kMostKinds = 12;
const QString kKinds = u"marks/kinds"_s;
const QString kFolder = u"marks/folder"_s;
const QString kFolded = u"marks/folded"_s;

MarksFormat formatOf(const QString& file) {
    const bool isVtt = QFileInfo(file).suffix().compare(fileEnding(MarksFormat::WebVtt), Qt::CaseInsensitive) == 0;
    return isVtt ? MarksFormat::WebVtt : MarksFormat::AudacityLabels;
}

/// A remote id as a file name: letters, digits and a few signs of it.
QString fileNameOf(const CallKey& call) {
    QString name = call.remoteId.left(80);
    for (QChar& c : name) {
        if (!c.isLetterOrNumber() && c != u'-' && c != u'_') {
            c = u'-';
        }
    }
    return name;
}

QString placeOf(const CallMark& mark) {
    return durationText(double(mark.at.count() / 1000));
}

}  // namespace

milliseconds markPlace(milliseconds heard, milliseconds reaction, double tempo) {
    const milliseconds bounded = std::clamp(reaction, 0ms, kLongestReaction);
    return std::max(0ms, heard - milliseconds(std::llround(double(bounded.count()) * tempo)));
}

MarksDesk::MarksDesk(const DeskServices& services, MarksPanel* panel, QObject* parent)
    : QObject(parent), m_services(services), m_panel(panel) {
    m_retry.setInterval(kRetryEvery);
    m_panel->setKinds(services.settings->value(kKinds).toStringList());
    m_panel->setFolded(services.settings->value(kFolded, false).toBool());
    connect(panel, &MarksPanel::foldedByHand, this,
            [this](bool folded) { m_services.settings->setValue(kFolded, folded); });
    connect(&m_retry, &QTimer::timeout, this, [this] {
        for (const CallMark& mark : CallMarks(m_unsaved)) {
            trySave(mark);
        }
    });
    connect(services.sound, &CallSound::callChanged, this, &MarksDesk::callChanged);
    connect(services.store, &Store::marksChanged, this, [this](const CallKey& key) {
        if (m_call == key) {
            load();
        }
    });
    connect(panel, &MarksPanel::changed, this, [this](const CallMark& mark) {
        rememberKind(mark.kind);
        change(mark);
    });
    connect(panel, &MarksPanel::removeWanted, this, [this](const CallMark& mark) { remove(mark, Back::Offered); });
    connect(panel, &MarksPanel::bringBackWanted, this, &MarksDesk::bringBack);
    connect(panel, &MarksPanel::exportWanted, this, &MarksDesk::exportAll);
    callChanged();
}

MarksDesk::~MarksDesk() = default;

void MarksDesk::callChanged() {
    const auto& call = m_services.sound->call();
    const std::optional<CallKey> now = call ? std::optional(call->key) : std::nullopt;
    if (now == m_call) {
        return;
    }
    m_panel->closeEditor();  // what was typed belongs to the call before
    m_panel->offerBack(std::nullopt);
    m_call = now;
    m_stored.clear();
    show();
    if (now) {
        load();
    }
}

void MarksDesk::load() {
    const quint64 mine = ++m_question;
    m_services.store->loadMarks(*m_call, this, [this, mine](const Result<CallMarks>& marks) {
        if (mine == m_question && marks && m_call) {
            m_stored = *marks;
            show();
        }
    });
}

void MarksDesk::show() {
    CallMarks all = m_stored;
    for (const CallMark& mark : m_unsaved) {
        if (mark.call == m_call) {
            std::erase_if(all, [&](const CallMark& one) { return one.id == mark.id; });
            all.push_back(mark);
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const CallMark& a, const CallMark& b) { return a.at < b.at; });
    m_panel->setLocked(m_services.store->isReadOnly());
    m_panel->setMarks(all);
    m_panel->setProblem(m_unsaved.empty() ? QString() : m_problem);
    m_services.sound->setMarks(all);
}

bool MarksDesk::markHere(Words words) {
    const Player* player = m_services.player;
    if (!m_call || player->call() != m_call || player->duration() <= 0ms) {
        return false;
    }
    const milliseconds reaction(
        m_services.settings->value(QString(listening::kReaction), int(listening::kDefaultReaction.count())).toInt());
    CallMark mark;
    mark.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    mark.call = *m_call;
    mark.at =
        markPlace(player->position(), player->state() == PlayerState::Playing ? reaction : 0ms, player->tempoHeard());
    mark.madeAt = m_services.clock->now();
    change(mark, words == Words::Wanted ? QString() : tr("Marked at %1.").arg(placeOf(mark)));
    if (words == Words::Wanted) {
        m_panel->edit(mark);
    }
    return true;
}

// --- saved until COMMIT

std::optional<CallMark> MarksDesk::known(const QString& id) const {
    for (const CallMarks* marks : {&m_unsaved, &m_stored}) {
        const auto found =
            std::find_if(marks->begin(), marks->end(), [&](const CallMark& one) { return one.id == id; });
        if (found != marks->end()) {
            return *found;
        }
    }
    return std::nullopt;
}

/// By the hand: it can be taken back.
void MarksDesk::change(const CallMark& mark, const QString& sentence) {
    note(known(mark.id), mark);
    save(mark, sentence);
}

void MarksDesk::save(const CallMark& mark, const QString& sentence) {
    std::erase_if(m_unsaved, [&](const CallMark& one) { return one.id == mark.id; });
    m_unsaved.push_back(mark);
    show();
    trySave(mark, sentence);
}

void MarksDesk::trySave(const CallMark& mark, const QString& sentence) {
    m_services.store->saveMark(mark, this, [this, mark, sentence](const Done& done) {
        saved(mark, done);
        if (done && !sentence.isEmpty()) {
            Q_EMIT said(sentence);
        }
    });
}

void MarksDesk::saved(const CallMark& mark, const Done& done) {
    if (done) {
        // Other words that came meanwhile are still on their way.
        std::erase(m_unsaved, mark);
        if (m_call == mark.call) {
            std::erase_if(m_stored, [&](const CallMark& one) { return one.id == mark.id; });
            m_stored.push_back(mark);
        }
    } else if (done.error().kind == ErrorKind::ReadOnly && m_services.store->isReadOnly()) {
        std::erase(m_unsaved, mark);  // it never will be; the window says why
        Q_EMIT said(errorText(done.error()));
    } else {
        m_problem = errorText(done.error());
    }
    m_unsaved.empty() ? m_retry.stop() : m_retry.start();
    show();
}

void MarksDesk::remove(const CallMark& mark, Back back) {
    m_services.store->removeMark(mark, this, [this, mark, back](const Done& done) {
        if (!done) {
            Q_EMIT said(errorText(done.error()));
            return;
        }
        std::erase_if(m_unsaved, [&](const CallMark& one) { return one.id == mark.id; });
        if (m_call == mark.call) {
            std::erase_if(m_stored, [&](const CallMark& one) { return one.id == mark.id; });
            m_panel->offerBack(back == Back::Offered ? std::optional(mark) : std::nullopt);
            show();
        }
        if (back == Back::Offered) {
            note(mark, std::nullopt);
        } else {
            Q_EMIT said(tr("Mark at %1 is removed.").arg(placeOf(mark)));
        }
    });
}

// --- taken back

void MarksDesk::note(const std::optional<CallMark>& before, const std::optional<CallMark>& after) {
    if (before != after) {
        m_steps.note({before, after, m_services.clock->now()});
        Q_EMIT stepsChanged();
    }
}

/// The panel's own way back takes back the removal that it stands beside.
void MarksDesk::bringBack(const CallMark& mark) {
    const MarkStep* last = m_steps.nextUndo();
    if (last != nullptr && !last->after && last->mark().id == mark.id) {
        revert(Revert::Undo);
    } else {
        change(mark, tr("Mark at %1 is back.").arg(placeOf(mark)));
    }
}

const MarkStep* MarksDesk::nextStep(Revert which) const {
    return which == Revert::Undo ? m_steps.nextUndo() : m_steps.nextRedo();
}

std::optional<CallKey> MarksDesk::revert(Revert which) {
    const Moment now = m_services.clock->now();
    const auto step = which == Revert::Undo ? m_steps.undo(now) : m_steps.redo(now);
    if (!step) {
        return std::nullopt;
    }
    const auto& wanted = which == Revert::Undo ? step->before : step->after;
    const auto& former = which == Revert::Undo ? step->after : step->before;
    if (!wanted) {
        remove(*former, Back::Redone);
    } else {
        m_panel->offerBack(std::nullopt);
        save(*wanted, former ? tr("Mark at %1 is as it was.").arg(placeOf(*wanted))
                             : tr("Mark at %1 is back.").arg(placeOf(*wanted)));
    }
    Q_EMIT stepsChanged();
    return step->mark().call;
}

void MarksDesk::rememberKind(const QString& kind) {
    if (kind.isEmpty()) {
        return;
    }
    QStringList kinds = m_services.settings->value(kKinds).toStringList();
    kinds.removeAll(kind);
    kinds.prepend(kind);
    kinds = kinds.mid(0, kMostKinds);
    m_services.settings->setValue(kKinds, kinds);
    m_panel->setKinds(kinds);
}

// --- export

bool MarksDesk::exportAll() {
    const CallMarks marks = m_services.sound->marks();
    if (!m_call || marks.empty()) {
        return false;
    }
    auto* dialog =
        new QFileDialog(m_panel->window(), tr("Export marks"), m_services.settings->value(kFolder).toString());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite);  // asked when the file is there at the moment of writing
    const QString labels = tr("Audacity labels (*.txt)");
    const QString vtt = tr("WebVTT (*.vtt)");
    dialog->setNameFilters({labels, vtt});
    dialog->setDefaultSuffix(fileEnding(MarksFormat::AudacityLabels));
    dialog->selectFile(fileNameOf(*m_call) + u"-marks.txt"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog, vtt, name = fileNameOf(*m_call)](const QString& now) {
                const QString ending = fileEnding(now == vtt ? MarksFormat::WebVtt : MarksFormat::AudacityLabels);
                dialog->setDefaultSuffix(ending);
                dialog->selectFile(name + u"-marks."_s + ending);
            });
    connect(dialog, &QFileDialog::fileSelected, this, [this, marks](const QString& file) {
        m_services.settings->setValue(kFolder, QFileInfo(file).absolutePath());
        write(file, marks, WhenThere::Refuse);
    });
    dialog->open();
    return true;
}

void MarksDesk::write(const QString& file, const CallMarks& marks, WhenThere when) {
    m_workers.run<Done>([file, marks, when] { return writeExport(file, marksText(marks, formatOf(file)), when); }, this,
                        [this, file, marks, when](const Done& done) {
                            if (done) {
                                Q_EMIT said(tr("%n marks exported to %1.", nullptr, int(marks.size()))
                                                .arg(isolated(shownText(QFileInfo(file).fileName(), 80))));
                            } else if (done.error().kind == ErrorKind::Conflict && when == WhenThere::Refuse) {
                                askToReplace(file, marks);
                            } else {
                                Q_EMIT said(errorText(done.error()));
                            }
                        });
}

void MarksDesk::askToReplace(const QString& file, const CallMarks& marks) {
    auto* box = new QMessageBox(m_panel->window());
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("There is a file %1 already.").arg(isolated(shownText(QFileInfo(file).fileName(), 80))));
    box->setInformativeText(tr("Replace it?"));
    const auto* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(replace, &QAbstractButton::clicked, this, [this, file, marks] { write(file, marks, WhenThere::Replace); });
    box->open();
}

}  // namespace earmark
