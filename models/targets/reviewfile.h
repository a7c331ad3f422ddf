// Appends the records of deliveries durably to files of a folder, each once. Blocking file access: any thread but the
// main one; several threads and processes may append to the same file.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark {

/// Beside each file lies its manifest: "earmark-main-2026-11.csv.manifest.jsonl".
[[nodiscard]] QString manifestName(const QString& file);

/// Done (place = the file's name) once record and manifest line are on the disk (fsync of both and of the folder). A
/// delivery that is in the file already is done without writing. The folder is made (0700) where only it is missing.
/// Error: nothing half-written is left. Kinds: DiskFull, ReadOnly, NotFoundHere (the folder is gone), HeldElsewhere
/// (another program writes there for too long), Storage. `now` is noted in the manifest.
/// An empty record only asks whether the folder could be written to; nothing is made.
[[nodiscard]] StepAnswer appendDurably(const FileStep& step, Moment now);

}  // namespace earmark
