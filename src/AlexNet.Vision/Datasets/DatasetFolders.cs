using AlexNetTF.Imaging;

namespace AlexNetTF.Datasets;

/// <summary>Reads a folder that holds one folder per class.</summary>
internal static class DatasetFolders
{
    internal static ImageDataset Read(string folder, Labels? labels, bool allowEmptyClasses, bool decodeAll)
    {
        var draft = new DatasetDraft(folder);
        List<FolderEntry>? entries = Directory.Exists(folder) ? PictureFolder.List(folder, out string? reason) : Missing(out reason);
        if (entries is null)
            draft.Report(Directory.Exists(folder) ? DatasetProblemKind.UnreadableFile : DatasetProblemKind.MissingFile, folder, null, $"the folder cannot be read: {reason}", "It must hold one folder of pictures per class.");
        string[] names = [.. (entries ?? []).Where(entry => entry.IsFolder && !entry.Name.StartsWith('.')).Select(entry => entry.Name).Order(StringComparer.Ordinal)];
        if (names.Length == 0 && entries is not null)
            draft.Report(DatasetProblemKind.EmptyClass, folder, null, "there is no folder in it.", "It must hold one folder of pictures per class.");
        labels ??= new Labels(names.Length > 0 ? names : ["none"]);
        foreach (string name in names)
            AddClass(draft, Path.Join(folder, name), name, labels);
        if (!allowEmptyClasses && names.Length > 0)
            draft.RequireEveryClass(labels.Count, labels, "Add pictures to its folder, remove the folder, or allow empty classes.");
        if (decodeAll)
            draft.RequireReadable();
        return draft.Finish(labels);
    }

    private static List<FolderEntry>? Missing(out string? reason)
    {
        reason = "there is no such folder.";
        return null;
    }

    private static void AddClass(DatasetDraft draft, string folder, string name, Labels labels)
    {
        int[] found = [.. Enumerable.Range(0, labels.Count).Where(label => labels[label] == name)];
        if (found.Length != 1)
        {
            draft.Report(DatasetProblemKind.UnknownLabel, folder, null, found.Length == 0 ? $"\"{name}\" is none of the {labels.Count} class names." : $"the name \"{name}\" stands for the classes {found[0]} and {found[1]}.", "Folders are named as the labels are.");
            return;
        }

        foreach (ImageSource source in PictureFolder.Find(folder))
        {
            if (source is FailedImageSource)
                draft.Report(DatasetProblemKind.UnreadableFile, source.Name, null, "the folder cannot be read.", "Check its permissions.");
            else
                draft.Add(source.Name, found[0], null);
        }
    }
}
