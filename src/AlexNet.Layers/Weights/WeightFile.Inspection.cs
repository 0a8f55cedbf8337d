using System.Text;
using AlexNetTF.Weights;

namespace AlexNetTF;

/// <content>What a file is, also where it holds no weights to load.</content>
public static partial class WeightFile
{
    // How the text form of a graph begins.
    private static readonly string[] GraphWords = ["node", "versions", "library", "meta_info_def", "graph_def", "saved_model_schema_version"];

    /// <summary>
    /// Says what a file is and holds: every format that <see cref="Open"/> reads, graphs that keep their weights in
    /// variables, SavedModels, and event files.
    /// </summary>
    /// <param name="path">The file, or what <see cref="Open"/> takes for one.</param>
    /// <exception cref="InputFileException">There is no such file, or it may not be read.</exception>
    /// <exception cref="FileFormatException">The format is unknown, or the file is damaged.</exception>
    public static FileContents Inspect(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string? model = TensorFlowPaths.SavedModelOf(path);
        if (model is not null && !File.Exists(TensorFlowPaths.VariablesOf(model))) return GraphContents.Of(model);
        using (WeightBytes file = WeightBytes.Open(TensorFlowPaths.Resolve(path)))
        {
            if (EventContents.Recognises(file)) return EventContents.Of(file.Path);
            bool isWeights = Array.Find(_formats, format => format.Recognises(file)) is { } found && found is not GraphFormat;
            if (!isWeights && (GraphFormat.IsGraphWithoutWeights(file) || IsGraphText(file))) return GraphContents.Of(file.Path);
        }

        using WeightSource source = Open(path);
        FileContentsEntry[] entries = [.. source.Entries.Select(entry => new FileContentsEntry(
            entry.Name, entry.StoredType, [.. entry.Shape.Select(size => (long?)size)], source.Statistics(entry)))];
        return model is null
            ? new FileContents(source.Kind, entries, source.Hints.Notes)
            : new FileContents("TensorFlow SavedModel", entries, [.. GraphContents.Of(model).Notes, .. source.Hints.Notes]);
    }

    private static bool IsGraphText(WeightBytes file)
    {
        string text = Encoding.Latin1.GetString(file.Head).TrimStart();
        return GraphWords.Any(word => text.StartsWith(word, StringComparison.Ordinal) && text[word.Length..].TrimStart() is ['{' or ':', ..]);
    }
}
