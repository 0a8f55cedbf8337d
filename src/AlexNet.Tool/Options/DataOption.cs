namespace AlexNetTF.Tool;

/// <summary>A data set as the command line names it: a list of paths and labels, or a folder with one folder per class.</summary>
internal static class DataOption
{
    public const string Description = "A text file of lines 'path label', or a folder with one folder of pictures per class.";

    /// <summary>Reads and checks the whole set.</summary>
    /// <param name="path">The list or folder.</param>
    /// <param name="labels">The names of the classes; null: the folders' names, or numbers.</param>
    /// <param name="classes">The number of classes; null: that of the labels, else as the data say.</param>
    /// <param name="allowEmptyClasses">Whether a class may be without pictures.</param>
    public static ImageDataset Read(string path, Labels? labels, int? classes, bool allowEmptyClasses)
    {
        // FromList's error says what a missing file should have been.
        if (!Directory.Exists(path)) return ImageDataset.FromList(path, classes, labels, allowEmptyClasses);
        ImageDataset data = ImageDataset.FromFolders(path, labels, allowEmptyClasses);
        if (classes is { } wanted && wanted != data.Classes)
        {
            throw new AlexNetException($"{path} has {data.Classes} classes ({string.Join(", ", data.Labels.Take(8))}{(data.Classes > 8 ? " …" : "")}), {wanted} are needed. Leave --classes out, or name the classes in their order with --labels.");
        }

        return data;
    }
}
